//! Nothing: this package is what its manifest says of features. It may not have code.
