//! The graph of typed references behind `gwc graph`: nodes are objects, edges are references (spec README ruling 1).
