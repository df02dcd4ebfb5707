using System.Collections.Concurrent;

namespace MiniKube.Faults.Tests.Histories;

/// <summary>All that clients asked and were told. Safe for many clients.</summary>
internal sealed class History
{
    private readonly ConcurrentQueue<Operation> _operations = new();

    public IReadOnlyCollection<Operation> Operations => _operations;

    public void Add(Operation operation) => _operations.Enqueue(operation);

    /// <summary>The longest time in which no write returned Ok, between the first and the last that did.</summary>
    public TimeSpan LongestSilence(TimeProvider clock)
    {
        var moments = _operations
            .Where(operation => operation is { Outcome: Outcome.Ok, Kind: not OperationKind.Read })
            .Select(operation => operation.Return).Order().ToList();
        return moments.Zip(moments.Skip(1), clock.GetElapsedTime).DefaultIfEmpty().Max();
    }
}
