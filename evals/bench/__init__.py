"""What things cost: time, CPU, rows and commits."""
