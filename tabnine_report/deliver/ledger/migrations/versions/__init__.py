"""One module a step; what has been released is never changed, the next step corrects it."""
