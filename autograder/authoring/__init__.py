"""From sources to notebooks: lectures and assignments."""
