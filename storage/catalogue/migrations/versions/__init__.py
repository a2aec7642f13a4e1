"""One module for each step. A step that was released is never changed; a change of the tables is a new step."""
