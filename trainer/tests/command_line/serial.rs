//! `metaplastic evaluate --on serial:PORT` where there is no board, or none that answers. One that does is tested
//! in `metaplastic-tests`.

use serialport::{SerialPort, TTYPort};

use crate::sandbox::Sandbox;

#[test]
fn ports_that_cannot_be_used_are_refused() {
    let sandbox = Sandbox::new();
    let cases: [(&str, &[&str]); 6] = [
        ("serial:/dev/nowhere", &["/dev/nowhere", "no such serial port", "there are"]),
        ("serial:network.plastic", &["network.plastic", "is it a serial port"]),
        ("serial:", &["'serial:'", "serial:PORT,BAUD"]),
        ("serial:/dev/ttyACM0,fast", &["'serial:/dev/ttyACM0,fast'", "serial:PORT,BAUD"]),
        ("serial:/dev/ttyACM0,0", &["'serial:/dev/ttyACM0,0'", "serial:PORT,BAUD"]),
        ("serial:/dev/ttyACM0,-1", &["'serial:/dev/ttyACM0,-1'", "serial:PORT,BAUD"]),
    ];
    for (body, parts) in cases {
        sandbox.refuses(&format!("evaluate network.plastic --on {body}"), parts);
    }
}

#[test]
fn a_board_that_does_not_answer_is_given_up() {
    let sandbox = Sandbox::new();
    let (_silent_board, host) = TTYPort::pair().unwrap();
    let port = host.name().unwrap();
    let mut command = sandbox.command(&format!("evaluate network.plastic --on serial:{port}"));
    command.env("METAPLASTIC_TIMEOUT_SECONDS", "1");
    sandbox.command_refuses(&mut command, &["no answer within 1 seconds", "not connected"]);
}
