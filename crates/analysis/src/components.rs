//! Strongly connected components of a directed graph.

/// Nodes that lead to each other, together; each component comes after those that it leads to.
#[derive(Debug, Default)]
pub(crate) struct Components {
    all: Vec<Vec<usize>>,
    of_node: Vec<usize>,
    /// For each component, those that it leads to.
    after: Vec<Vec<usize>>,
}

impl Components {
    /// The nodes of each component.
    pub(crate) fn all(&self) -> impl Iterator<Item = &[usize]> {
        self.all.iter().map(Vec::as_slice)
    }

    /// The component of a node.
    pub(crate) fn of_node(&self, node: usize) -> usize {
        self.of_node.get(node).copied().unwrap_or_default()
    }

    /// The components that one leads to.
    pub(crate) fn after(&self, component: usize) -> &[usize] {
        self.after.get(component).map_or(&[], Vec::as_slice)
    }
}

/// A node of a graph, by its number: half as wide as a place in a list, since graphs have very many edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Node(u32);

impl Node {
    /// Nodes beyond `u32::MAX` do not fit into memory.
    pub(crate) fn at(number: usize) -> Self {
        Self(u32::try_from(number).unwrap_or(u32::MAX))
    }

    pub(crate) const fn number(self) -> usize {
        self.0 as usize
    }
}

/// The components of a graph that tells for each node where it leads, by Tarjan's algorithm.
pub(crate) fn components(graph: &[Vec<Node>]) -> Components {
    let mut search = Search {
        graph,
        index: vec![None; graph.len()],
        low: vec![0; graph.len()],
        is_open: vec![false; graph.len()],
        open: Vec::new(),
        next: 0,
        found: Components {
            of_node: vec![0; graph.len()],
            ..Components::default()
        },
    };
    for node in 0..graph.len() {
        if at(&search.index, node).is_none() {
            search.from(node);
        }
    }
    let mut found = search.found;
    found.after = found
        .all
        .iter()
        .map(|nodes| after(graph, nodes, &found.of_node))
        .collect();
    found
}

/// The components that the nodes of one lead to, but for itself.
fn after(graph: &[Vec<Node>], nodes: &[usize], of_node: &[usize]) -> Vec<usize> {
    let own = nodes.first().and_then(|node| of_node.get(*node));
    let next = nodes.iter().filter_map(|node| graph.get(*node)).flatten();
    let mut after: Vec<usize> = next
        .filter_map(|node| of_node.get(node.number()))
        .filter(|component| Some(*component) != own)
        .copied()
        .collect();
    after.sort_unstable();
    after.dedup();
    after
}

/// A search under way, with a stack of its own in place of recursion.
struct Search<'g> {
    graph: &'g [Vec<Node>],
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    is_open: Vec<bool>,
    open: Vec<usize>,
    next: usize,
    found: Components,
}

impl Search<'_> {
    fn from(&mut self, root: usize) {
        let mut stack = vec![(root, 0)];
        self.enter(root);
        while let Some((node, place)) = stack.pop() {
            let next = self.graph.get(node).and_then(|next| next.get(place));
            let Some(next) = next.map(|next| next.number()) else {
                self.leave(node);
                if let Some((before, _)) = stack.last() {
                    self.lower(*before, at(&self.low, node));
                }
                continue;
            };
            stack.push((node, place + 1));
            match at(&self.index, next) {
                None => {
                    self.enter(next);
                    stack.push((next, 0));
                }
                Some(index) if at(&self.is_open, next) => self.lower(node, index),
                Some(_) => {}
            }
        }
    }

    fn enter(&mut self, node: usize) {
        put(&mut self.index, node, Some(self.next));
        put(&mut self.low, node, self.next);
        put(&mut self.is_open, node, true);
        self.open.push(node);
        self.next += 1;
    }

    fn lower(&mut self, node: usize, to: usize) {
        let low = at(&self.low, node).min(to);
        put(&mut self.low, node, low);
    }

    /// All that a node leads to was seen: if nothing leads back before it, its component is whole.
    fn leave(&mut self, node: usize) {
        if at(&self.index, node) != Some(at(&self.low, node)) {
            return;
        }
        let mut nodes = Vec::new();
        while let Some(last) = self.open.pop() {
            put(&mut self.is_open, last, false);
            put(&mut self.found.of_node, last, self.found.all.len());
            nodes.push(last);
            if last == node {
                break;
            }
        }
        self.found.all.push(nodes);
    }
}

fn at<T: Copy + Default>(values: &[T], place: usize) -> T {
    values.get(place).copied().unwrap_or_default()
}

fn put<T>(values: &mut [T], place: usize, value: T) {
    if let Some(slot) = values.get_mut(place) {
        *slot = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_comes_after_those_that_it_leads_to() {
        let graph = [vec![1], vec![2], vec![1, 3], vec![], vec![0, 3]];
        let graph = graph.map(|next| next.into_iter().map(Node::at).collect());
        let found = components(&graph);
        let all: Vec<Vec<usize>> = found
            .all()
            .map(|nodes| {
                let mut nodes = nodes.to_vec();
                nodes.sort_unstable();
                nodes
            })
            .collect();
        assert_eq!(all, [vec![3], vec![1, 2], vec![0], vec![4]]);
        assert_eq!(found.after(1), [0]);
        assert_eq!(found.after(3), [0, 2]);
        assert_eq!(found.of_node(2), 1);
    }
}
