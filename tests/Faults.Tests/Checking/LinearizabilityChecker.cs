using MiniKube.Faults.Tests.Histories;

namespace MiniKube.Faults.Tests.Checking;

/// <summary>
/// Whether there is an order of all operations on each object in which each took effect at one moment between its call and its return, and had the outcome that
/// its client was told: Wing and Gong's search ("Testing and Verifying Concurrent Objects", 1993), with Lowe's memory of what was tried ("Testing for
/// Linearizability", 2017). Objects are independent of each other, so each is checked by itself.
/// </summary>
internal static class LinearizabilityChecker
{
    private const int MaxSteps = 20_000_000;

    /// <summary>What is wrong, one line an object; empty if nothing is.</summary>
    public static IReadOnlyList<string> Check(IEnumerable<Operation> history) =>
        [.. history.GroupBy(operation => operation.Key).Select(CheckObject).OfType<string>()];

    private static string? CheckObject(IGrouping<string, Operation> history)
    {
        // Reads without an answer tell nothing.
        List<Operation> operations = [.. history.Where(operation => operation is not { Kind: OperationKind.Read, Outcome: Outcome.Unknown })];
        var search = new Search(operations);
        return search.Run(MaxSteps) switch
        {
            true => null,
            false => $"{history.Key}: no order explains what clients were told; the search came as far as\n{search.Furthest()}",
            null => $"{history.Key}: not decided within {MaxSteps} steps of {operations.Count} operations",
        };
    }

    private sealed class Search
    {
        private readonly IReadOnlyList<Operation> _operations;
        private readonly List<Moment> _moments;
        private readonly int[] _next;
        private readonly int[] _previous;
        private readonly ulong[] _done;
        private readonly HashSet<Visited> _visited = [];
        private readonly Stack<(int Moment, Register Before)> _path = new();
        private int _furthest;
        private IReadOnlyList<int> _furthestPath = [];

        public Search(IReadOnlyList<Operation> operations)
        {
            _operations = operations;
            _moments =
            [
                .. operations.SelectMany((operation, index) => operation.Outcome == Outcome.Unknown
                        ? [new Moment(operation.Call, index, IsCall: true)]
                        : new[] { new Moment(operation.Call, index, IsCall: true), new Moment(operation.Return, index, IsCall: false) })
                    .OrderBy(moment => moment.Time).ThenByDescending(moment => moment.IsCall),
            ];

            // A ring: the last place is before the first moment and after the last one.
            _next = [.. Enumerable.Range(1, _moments.Count), 0];
            _previous = [_moments.Count, .. Enumerable.Range(0, _moments.Count)];
            _done = new ulong[(operations.Count + 63) / 64];
        }

        private int Ring => _moments.Count;

        /// <summary>Null when it gave up.</summary>
        public bool? Run(int maxSteps)
        {
            var returns = Enumerable.Range(0, _operations.Count).ToDictionary(index => index, index => _moments.FindIndex(moment => !moment.IsCall && moment.Operation == index));
            var left = _operations.Count(operation => operation.Outcome != Outcome.Unknown);
            var state = Register.Absent;
            var at = _next[Ring];
            for (var step = 0; left > 0; step++)
            {
                if (step == maxSteps)
                {
                    return null;
                }

                var moment = _moments[at];
                if (!moment.IsCall)
                {
                    // It must have happened by now, and has not.
                    if (_path.Count == 0)
                    {
                        return false;
                    }

                    (at, state) = _path.Pop();
                    left += Undo(at, returns);
                    at = _next[at];
                }
                else if (_operations[moment.Operation] is var operation && state.After(operation) is { } after && IsNew(moment.Operation, after))
                {
                    _path.Push((at, state));
                    left -= Do(at, returns);
                    state = after;
                    at = _next[Ring];
                }
                else
                {
                    at = _next[at];
                }
            }

            return true;
        }

        public string Furthest()
        {
            var done = _furthestPath.Select(index => _operations[index]).ToList();
            var open = _operations.Except(done).OrderBy(operation => operation.Call).Take(5);
            return string.Join('\n', [.. done.TakeLast(5).Select(operation => $"  {operation}"), "  and then none of", .. open.Select(operation => $"  {operation}")]);
        }

        private bool IsNew(int operation, Register after)
        {
            var done = (ulong[])_done.Clone();
            done[operation / 64] |= 1UL << (operation % 64);
            return _visited.Add(new Visited(done, after));
        }

        private int Do(int call, Dictionary<int, int> returns)
        {
            var operation = _moments[call].Operation;
            _done[operation / 64] |= 1UL << (operation % 64);
            Unlink(call);
            if (returns[operation] is >= 0 and var end)
            {
                Unlink(end);
            }

            if (_path.Count > _furthest)
            {
                _furthest = _path.Count;
                _furthestPath = [.. _path.Reverse().Select(step => _moments[step.Moment].Operation)];
            }

            return returns[operation] >= 0 ? 1 : 0;
        }

        private int Undo(int call, Dictionary<int, int> returns)
        {
            var operation = _moments[call].Operation;
            _done[operation / 64] &= ~(1UL << (operation % 64));
            if (returns[operation] is >= 0 and var end)
            {
                Link(end);
            }

            Link(call);
            return returns[operation] >= 0 ? 1 : 0;
        }

        private void Unlink(int moment)
        {
            _next[_previous[moment]] = _next[moment];
            _previous[_next[moment]] = _previous[moment];
        }

        private void Link(int moment)
        {
            _next[_previous[moment]] = moment;
            _previous[_next[moment]] = moment;
        }
    }

    private sealed record Moment(long Time, int Operation, bool IsCall);

    private sealed class Visited(ulong[] done, Register state) : IEquatable<Visited>
    {
        private readonly ulong[] _done = done;
        private readonly Register _state = state;

        public bool Equals(Visited? other) => other is not null && other._state == _state && other._done.AsSpan().SequenceEqual(_done);

        public override bool Equals(object? obj) => Equals(obj as Visited);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_state);
            foreach (var word in _done)
            {
                hash.Add(word);
            }

            return hash.ToHashCode();
        }
    }
}
