"""The student's process: what runs there, how it is walled in, and the wire between it and the trusted side."""
