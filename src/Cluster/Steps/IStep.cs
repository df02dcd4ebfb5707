namespace MiniKube.Cluster.Steps;

/// <summary>One step on the way to a cluster. Each finds out itself what is done already: running all of them twice changes nothing.</summary>
internal interface IStep
{
    /// <summary>What it does, as the user reads it.</summary>
    string Title { get; }

    /// <summary>Does it. What is returned, if anything, is added to the line that the user reads.</summary>
    Task<string?> RunAsync(CancellationToken cancellationToken);
}
