//! Anchored nodes of one document and the bounds on repeating them: [`Anchors`] (dependencies.md §2.6).

use rustc_hash::FxHashMap;

use crate::yaml::{Node, Value};

/// Nodes that aliases of one document may bring in together.
const NODE_BUDGET: usize = 1_000_000;

/// Bytes of text that count as one more node.
const BYTES_PER_NODE: usize = 256;

/// An anchored node and its measures.
#[derive(Debug)]
pub(super) struct Anchored {
    node: Node,
    /// Nodes and keys as kubectl counts them.
    decodes: usize,
    /// `decodes`, and the text's share.
    cost: usize,
    /// Levels of collections.
    pub(super) height: usize,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Anchors {
    nodes: FxHashMap<usize, Anchored>,
    /// Whether the document can hold an alias at all.
    wanted: bool,
    spent: usize,
    /// All nodes and keys read so far, expansions included.
    decoded: usize,
    /// Those of expansions.
    aliased: usize,
}

impl Anchors {
    /// For a document; anchors are only kept where its text may hold an alias.
    pub(super) fn new(text: &str) -> Self {
        Self { nodes: FxHashMap::default(), wanted: text.contains('*'), spent: 0, decoded: 0, aliased: 0 }
    }

    /// Counts nodes and keys read.
    pub(super) fn count(&mut self, n: usize) {
        self.decoded += n;
    }

    /// Keeps a copy of an anchored node; false when the budget is spent.
    pub(super) fn define(&mut self, anchor: usize, node: &Node) -> bool {
        if !self.wanted {
            return true;
        }
        let measure = measure(node);
        if !self.spend(measure.cost) {
            return false;
        }
        let Measure { decodes, cost, height } = measure;
        self.nodes.insert(anchor, Anchored { node: node.clone(), decodes, cost, height });
        true
    }

    /// The node of an anchor; `None` while it is still being read.
    pub(super) fn get(&self, anchor: usize) -> Option<&Anchored> {
        self.nodes.get(&anchor)
    }

    /// A copy of an anchored node; `None` beyond kubectl's bounds or ours.
    pub(super) fn expand(&mut self, anchor: usize) -> Option<Node> {
        let (decodes, cost) = self.nodes.get(&anchor).map(|target| (target.decodes, target.cost))?;
        self.decoded += decodes;
        self.aliased += decodes;
        if self.is_excessive() || !self.spend(cost) {
            return None;
        }
        self.nodes.get(&anchor).map(|target| target.node.clone())
    }

    fn spend(&mut self, cost: usize) -> bool {
        self.spent = self.spent.saturating_add(cost);
        self.spent <= NODE_BUDGET
    }

    /// kubectl's rule: the share of nodes that aliases bring in falls from 99 % to 10 % as documents grow.
    fn is_excessive(&self) -> bool {
        const SMALL: usize = 400_000;
        const LARGE: usize = 4_000_000;
        if self.aliased <= 100 || self.decoded <= 1000 {
            return false;
        }
        // In thousandths, so that no float decides.
        let allowed = match self.decoded {
            0..=SMALL => 990,
            LARGE.. => 100,
            between => 990 - 890 * (between - SMALL) / (LARGE - SMALL),
        };
        self.aliased * 1000 > allowed * self.decoded
    }
}

struct Measure {
    decodes: usize,
    cost: usize,
    height: usize,
}

/// Recursion is bounded by the depth limit on every finished node.
fn measure(node: &Node) -> Measure {
    let mut sum = Measure { decodes: 1, cost: 1, height: 0 };
    let mut add = |child: &Node, key_bytes: Option<usize>| {
        let inner = measure(child);
        let keys = usize::from(key_bytes.is_some());
        sum.decodes += inner.decodes + keys;
        sum.cost += inner.cost + keys + key_bytes.unwrap_or(0) / BYTES_PER_NODE;
        sum.height = sum.height.max(inner.height + 1);
    };
    match &node.value {
        Value::Sequence(items) => items.iter().for_each(|item| add(item, None)),
        Value::Mapping(entries) => {
            entries.iter().for_each(|entry| add(&entry.value, Some(entry.key.text.len())));
        }
        Value::String(text) => sum.cost += text.len() / BYTES_PER_NODE,
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {}
    }
    if matches!(node.value, Value::Sequence(_) | Value::Mapping(_)) {
        sum.height = sum.height.max(1);
    }
    sum
}
