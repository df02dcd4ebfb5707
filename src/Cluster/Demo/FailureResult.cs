namespace MiniKube.Cluster.Demo;

/// <summary>What came of a failure.</summary>
/// <param name="Name">The failure's.</param>
/// <param name="Figures">What clients saw.</param>
/// <param name="Abandoned">Operations that failed however often they were tried.</param>
/// <param name="NewLeaders">When the other master held every lease of the lost one; null when nothing had to move.</param>
/// <param name="Lost">What clients were promised and is not so.</param>
internal sealed record FailureResult(string Name, LoadFigures Figures, int Abandoned, TimeSpan? NewLeaders, IReadOnlyList<string> Lost);
