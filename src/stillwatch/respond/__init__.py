"""What is done with findings: reports for now; cases, decisions and indicators as they come."""
