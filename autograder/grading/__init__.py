"""From a submission to points: intake, one submission, the batch, and nbgrader's plug-ins."""
