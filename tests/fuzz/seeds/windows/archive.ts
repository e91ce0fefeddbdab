# comment
@problemName Waves
@timeStamps false
@missing true
@univariate false
@dimensions 2
@equalLength false
@classLabel true a b
@data
1,2,3:4,?,6:a
1.5,-2e-1:0,1:b
7:8:a
