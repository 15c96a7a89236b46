"""One reader a log format; each turns records into rows of `exchanges`."""
