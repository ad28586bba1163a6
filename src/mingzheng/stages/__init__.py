"""What can be done, in the order of the procedure; a stage knows only the stages before it."""
