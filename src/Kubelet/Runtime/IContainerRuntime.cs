using MiniKube.Kubelet.Stats;

namespace MiniKube.Kubelet.Runtime;

/// <summary>
/// What runs pods, in the nouns of CRI: a sandbox holds a pod's namespaces, containers run in it. It knows pods by uid and no Kubernetes object.
/// Failures are <see cref="ContainerRuntimeException"/>.
/// </summary>
internal interface IContainerRuntime
{
    /// <summary>The scheme of container ids in pod status: <c>docker</c>.</summary>
    string Name { get; }

    IImageService Images { get; }

    IStreamingService Streaming { get; }

    /// <summary>Its version; throws when the runtime does not answer, which makes the node NotReady.</summary>
    Task<string> GetVersionAsync(CancellationToken cancellationToken);

    /// <summary>All pods of this kubelet with the states of their containers; details that need a question each are left out.</summary>
    Task<IReadOnlyList<RuntimePod>> ListPodsAsync(CancellationToken cancellationToken);

    /// <summary>Everything about one pod; empty lists when nothing of it is there.</summary>
    Task<RuntimePod> GetPodAsync(string uid, CancellationToken cancellationToken);

    Task<RuntimeSandbox> RunSandboxAsync(SandboxConfig config, CancellationToken cancellationToken);

    Task StopSandboxAsync(string id, CancellationToken cancellationToken);

    Task RemoveSandboxAsync(string id, CancellationToken cancellationToken);

    /// <summary>Returns the new container's id.</summary>
    Task<string> CreateContainerAsync(string sandboxId, ContainerConfig config, CancellationToken cancellationToken);

    Task StartContainerAsync(string id, CancellationToken cancellationToken);

    /// <summary>Gives a running container other limits.</summary>
    Task UpdateContainerAsync(string id, ContainerResources resources, CancellationToken cancellationToken);

    /// <summary>Asks the container to end and kills it after the grace period. One that is gone or stopped is no error.</summary>
    Task StopContainerAsync(string id, TimeSpan grace, CancellationToken cancellationToken);

    Task RemoveContainerAsync(string id, CancellationToken cancellationToken);

    /// <summary>Runs a command in a container; a <see cref="TimeoutException"/> when it takes longer.</summary>
    Task<ExecResult> ExecAsync(string id, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Writes a container's output to a stream, flushed as it comes, until its end (or the container's, if followed).</summary>
    Task CopyLogsAsync(string id, LogOptions options, Stream output, CancellationToken cancellationToken);

    /// <summary>What everything that runs uses: containers and sandboxes.</summary>
    Task<IReadOnlyList<ContainerUsage>> GetUsageAsync(CancellationToken cancellationToken);

    /// <summary>The uids of pods in which something changed. A hint: events may be lost, so that the pods are also listed from time to time.</summary>
    IAsyncEnumerable<string> WatchAsync(CancellationToken cancellationToken);
}
