namespace MiniKube.Api.Patching.ServerSideApply;

/// <summary>
/// A set of fields of an object: a tree of path elements, each of which is itself in the set or not. Immutable; parts are shared between sets. The operations are those of
/// structured-merge-diff and take time in proportion to both sets.
/// </summary>
public sealed class FieldSet
{
    private readonly Node[] _nodes;

    private FieldSet(Node[] nodes) => _nodes = nodes;

    public static FieldSet Empty { get; } = new([]);

    internal bool IsEmpty => _nodes.Length == 0;

    /// <summary>In order.</summary>
    internal ReadOnlySpan<Node> Nodes => _nodes;

    /// <summary>The set of one field, given by the names on the way to it.</summary>
    public static FieldSet Of(params ReadOnlySpan<string> path)
    {
        FieldSet? set = null;
        for (var i = path.Length - 1; i >= 0; i--)
        {
            set = new FieldSet([new Node(FieldElement.Field(path[i]), set is null, set)]);
        }

        return set ?? Empty;
    }

    /// <summary>The union of many, two by two: in proportion to n log n of their size.</summary>
    internal static FieldSet Union(ReadOnlySpan<FieldSet> sets) => sets.Length switch
    {
        0 => Empty,
        1 => sets[0],
        var count => Union(sets[..(count / 2)]).Union(Union(sets[(count / 2)..])),
    };

    internal FieldSet Union(FieldSet other) => IsEmpty ? other : other.IsEmpty ? this : Merge(
        other,
        (left, right) => left is null ? right : right is null ? left : new Node(
            left.Value.Element,
            left.Value.IsMember || right.Value.IsMember,
            left.Value.Children is null ? right.Value.Children
                : right.Value.Children is null ? left.Value.Children
                : left.Value.Children.Union(right.Value.Children)));

    internal FieldSet Intersection(FieldSet other) => IsEmpty || other.IsEmpty ? Empty : Merge(
        other,
        (left, right) => left is null || right is null ? null : Node.Create(
            left.Value.Element,
            left.Value.IsMember && right.Value.IsMember,
            right.Value.Children is null ? null : left.Value.Children?.Intersection(right.Value.Children)));

    /// <summary>What is in this set and not in the other; what lies below a member of the other stays.</summary>
    internal FieldSet Difference(FieldSet other) => IsEmpty || other.IsEmpty ? this : Merge(
        other,
        (left, right) => left is null || right is null ? left : Node.Create(
            left.Value.Element,
            left.Value.IsMember && !right.Value.IsMember,
            right.Value.Children is null ? left.Value.Children : left.Value.Children?.Difference(right.Value.Children)));

    /// <summary>As <see cref="Difference"/>, but without what lies below a member of the other.</summary>
    internal FieldSet RecursiveDifference(FieldSet other) => IsEmpty || other.IsEmpty ? this : Merge(
        other,
        (left, right) => left is null || right is null ? left : right.Value.IsMember ? null : Node.Create(
            left.Value.Element,
            left.Value.IsMember,
            right.Value.Children is null ? left.Value.Children : left.Value.Children?.RecursiveDifference(right.Value.Children)));

    /// <summary>With every named field on the way to a member a member as well; keys of maps and items of lists stay as they are.</summary>
    internal FieldSet WithNamedFields(FieldSchema schema)
    {
        var nodes = new Node[_nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            var node = _nodes[i];
            var isNamed = node.Children is not null && node.Element.IsField && schema.Declares(node.Element.Name);
            nodes[i] = new Node(node.Element, node.IsMember || isNamed, node.Children?.WithNamedFields(schema.Below(node.Element)));
        }

        return new FieldSet(nodes);
    }

    internal bool Has(FieldElement element) => Find(element) is { IsMember: true };

    /// <summary>Whether a field, given by the names on the way to it, is in the set.</summary>
    internal bool Has(params ReadOnlySpan<string> path)
    {
        var set = this;
        for (var i = 0; i < path.Length - 1; i++)
        {
            if (set.Below(FieldElement.Field(path[i])) is not { } below)
            {
                return false;
            }

            set = below;
        }

        return set.Has(FieldElement.Field(path[^1]));
    }

    /// <summary>What of the set lies below the element; null if nothing does.</summary>
    internal FieldSet? Below(FieldElement element) => Find(element)?.Children;

    internal bool HasSameFields(FieldSet other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (_nodes.Length != other._nodes.Length)
        {
            return false;
        }

        for (var i = 0; i < _nodes.Length; i++)
        {
            var (left, right) = (_nodes[i], other._nodes[i]);
            if (left.IsMember != right.IsMember || left.Element.CompareTo(right.Element) != 0
                || !(left.Children ?? Empty).HasSameFields(right.Children ?? Empty))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Every member as it is shown in messages, those of a level before what lies below them.</summary>
    internal IEnumerable<string> Paths() => Paths("");

    private IEnumerable<string> Paths(string prefix) =>
        _nodes.Where(node => node.IsMember).Select(node => prefix + node.Element)
            .Concat(_nodes.Where(node => node.Children is not null).SelectMany(node => node.Children!.Paths(prefix + node.Element)));

    private Node? Find(FieldElement element)
    {
        var (low, high) = (0, _nodes.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = _nodes[middle].Element.CompareTo(element);
            if (order == 0)
            {
                return _nodes[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    private FieldSet Merge(FieldSet other, Func<Node?, Node?, Node?> combine)
    {
        var nodes = new List<Node>(Math.Max(_nodes.Length, other._nodes.Length));
        var (left, right) = (0, 0);
        while (left < _nodes.Length || right < other._nodes.Length)
        {
            var order = left == _nodes.Length ? 1 : right == other._nodes.Length ? -1 : _nodes[left].Element.CompareTo(other._nodes[right].Element);
            var combined = combine(order <= 0 ? _nodes[left++] : null, order >= 0 ? other._nodes[right++] : null);
            if (combined is { } node)
            {
                nodes.Add(node);
            }
        }

        return nodes.Count == 0 ? Empty : new FieldSet([.. nodes]);
    }

    /// <summary>One element, and what of the set lies below it (null for nothing).</summary>
    internal readonly record struct Node(FieldElement Element, bool IsMember, FieldSet? Children)
    {
        public static Node? Create(FieldElement element, bool isMember, FieldSet? children)
        {
            children = children is { IsEmpty: false } ? children : null;
            return isMember || children is not null ? new Node(element, isMember, children) : null;
        }
    }

    /// <summary>Collects the elements of one level, in any order.</summary>
    internal struct Builder
    {
        private List<Node>? _nodes;
        private bool _isUnordered;

        public void Add(FieldElement element, bool isMember, FieldSet? children = null)
        {
            if (Node.Create(element, isMember, children) is not { } node)
            {
                return;
            }

            _nodes ??= [];
            _isUnordered |= _nodes.Count > 0 && _nodes[^1].Element.CompareTo(element) >= 0;
            _nodes.Add(node);
        }

        /// <summary>Null when nothing was added.</summary>
        public readonly FieldSet? Build()
        {
            if (_nodes is null)
            {
                return null;
            }

            return new FieldSet(_isUnordered ? Sorted(_nodes) : [.. _nodes]);
        }

        // What was added twice is joined.
        private static Node[] Sorted(List<Node> nodes)
        {
            var sorted = nodes.OrderBy(node => node.Element).ToList();
            var joined = new List<Node>(sorted.Count);
            foreach (var node in sorted)
            {
                if (joined.Count > 0 && joined[^1].Element.CompareTo(node.Element) == 0)
                {
                    var last = joined[^1];
                    joined[^1] = new Node(last.Element, last.IsMember || node.IsMember, (last.Children ?? Empty).Union(node.Children ?? Empty) is { IsEmpty: false } children ? children : null);
                }
                else
                {
                    joined.Add(node);
                }
            }

            return [.. joined];
        }
    }
}
