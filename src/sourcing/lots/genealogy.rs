//! Where a lot comes from and what became of it, as a tree that is drawn line by line. Pure.

use rust_decimal::Decimal;

use crate::ids::LotId;

/// A link of the genealogy, as far away as it lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Towards the parents, or towards the children.
    pub is_up: bool,
    /// Steps from the lot that was asked for.
    pub depth: i32,
    /// What was made.
    pub child: Option<LotId>,
    /// From what.
    pub parent: Option<LotId>,
    /// How much of it, in kilograms.
    pub kg: Decimal,
    /// The number of the lot farther away; none where the viewer may not see it.
    pub number: Option<String>,
    /// Its coffee.
    pub coffee_type: Option<String>,
    /// How it was made.
    pub derivation: Option<String>,
}

/// A line of the drawn tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch<'a> {
    /// How deep it hangs; 1 for the nearest.
    pub depth: usize,
    /// The link.
    pub edge: &'a Edge,
    /// The lot that hangs here.
    pub lot: Option<LotId>,
}

/// Lines of a drawn tree at most: a lot reached by several ways hangs at each of them.
pub const MOST_LINES: usize = 200;

/// The tree of one direction, depth first. A lot that is reached by several ways stands at each of them.
#[must_use]
pub fn tree(edges: &[Edge], root: LotId, is_up: bool) -> Vec<Branch<'_>> {
    let mut lines = Vec::new();
    grow(edges, root, is_up, 1, &mut lines);
    lines
}

fn grow<'a>(edges: &'a [Edge], from: LotId, is_up: bool, depth: usize, lines: &mut Vec<Branch<'a>>) {
    for edge in edges {
        let (near, far) = if is_up { (edge.child, edge.parent) } else { (edge.parent, edge.child) };
        let is_here = edge.is_up == is_up && near == Some(from) && usize::try_from(edge.depth) == Ok(depth);
        if !is_here {
            continue;
        }
        if lines.len() == MOST_LINES {
            return;
        }
        lines.push(Branch { depth, edge, lot: far });
        if let Some(far) = far {
            grow(edges, far, is_up, depth + 1, lines);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(is_up: bool, depth: i32, child: LotId, parent: LotId) -> Edge {
        Edge {
            is_up,
            depth,
            child: Some(child),
            parent: Some(parent),
            kg: Decimal::ONE,
            number: None,
            coffee_type: None,
            derivation: None,
        }
    }

    #[test]
    fn a_lot_hangs_wherever_a_way_leads_to_it() {
        let [blend, left, right, root] = [(); 4].map(|()| LotId::new());
        let edges = [
            edge(true, 1, blend, left),
            edge(true, 1, blend, right),
            edge(true, 2, left, root),
            edge(true, 2, right, root),
        ];
        let lines = tree(&edges, blend, true);
        let shown: Vec<_> = lines.iter().map(|line| (line.depth, line.lot)).collect();
        assert_eq!(shown, [(1, Some(left)), (2, Some(root)), (1, Some(right)), (2, Some(root))]);
        assert_eq!(tree(&edges, blend, false), []);
    }

    #[test]
    fn a_lattice_does_not_grow_without_end() {
        let layers: Vec<[LotId; 2]> = (0..12).map(|_| [LotId::new(), LotId::new()]).collect();
        let mut edges = Vec::new();
        for (depth, pair) in (1..).zip(layers.windows(2)) {
            for child in pair[0] {
                edges.extend(pair[1].map(|parent| edge(true, depth, child, parent)));
            }
        }
        assert_eq!(tree(&edges, layers[0][0], true).len(), MOST_LINES);
    }
}
