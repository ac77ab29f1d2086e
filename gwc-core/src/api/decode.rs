//! From admitted trees to objects.
