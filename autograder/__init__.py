"""How the course is graded: questions, building, isolation, grading, reporting."""
