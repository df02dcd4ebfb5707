namespace MiniKube.Scheduler.Framework;

/// <summary>A score made for one pod and one cycle. Called for many nodes at once: it must not change.</summary>
internal interface IPodScorer
{
    const long MaxScore = 100;

    /// <summary>Any number; <see cref="Normalize"/> brings it to 0 to 100.</summary>
    long Score(NodeInfo node);

    /// <summary>Brings the scores of all nodes to 0 to 100.</summary>
    void Normalize(Span<long> scores)
    {
    }
}
