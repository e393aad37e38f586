"""The Review desk: what AI touched, who decided, and what left."""
