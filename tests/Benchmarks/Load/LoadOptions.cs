namespace MiniKube.Benchmarks.Load;

/// <summary>How much of everything.</summary>
internal sealed record LoadOptions
{
    /// <summary>How long each rate is measured.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>How many clients work at once, one measurement each.</summary>
    public required IReadOnlyList<int> Clients { get; init; }

    /// <summary>How many watchers there are, one measurement each.</summary>
    public required IReadOnlyList<int> Watchers { get; init; }

    /// <summary>How many pods the lists are of.</summary>
    public required int Pods { get; init; }
}
