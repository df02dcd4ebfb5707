namespace MiniKube.Benchmarks.Load;

/// <summary>How much of everything.</summary>
internal sealed record LoadOptions
{
    /// <summary>The workloads by name, in the order in which they run.</summary>
    public static readonly IReadOnlyList<string> AllWorkloads = ["list", "get", "start", "create", "update", "mixed", "watch", "churn", "soak", "store"];

    /// <summary>Which of <see cref="AllWorkloads"/>.</summary>
    public required IReadOnlyCollection<string> Workloads { get; init; }

    /// <summary>How long each rate is measured.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How often each rate is measured: the samples of its figure.</summary>
    public required int Rounds { get; init; }

    /// <summary>How many clients work at once, one measurement each.</summary>
    public required IReadOnlyList<int> Clients { get; init; }

    /// <summary>How many watchers there are, one measurement each.</summary>
    public required IReadOnlyList<int> Watchers { get; init; }

    /// <summary>How many pods the lists are of.</summary>
    public required int Pods { get; init; }

    /// <summary>How many pods are created and deleted before memory must have come back.</summary>
    public required int Churn { get; init; }

    /// <summary>How long memory is looked at while mixed work goes on, after six minutes of it.</summary>
    public required TimeSpan Soak { get; init; }

    /// <summary>How many keys the embedded store holds when it is opened.</summary>
    public required int StoredKeys { get; init; }
}
