using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

using Docker.DotNet;
using Docker.DotNet.Models;

using MiniKube.Kubelet.Stats;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>
/// Runs pods on a Docker Engine. The sandbox is a pause container that owns the network namespace; the others join it. Only containers with our
/// labels are ever looked at.
/// </summary>
internal sealed class DockerRuntime(DockerConnection docker, string pauseImage, DockerParameters parameters, TimeProvider clock) : IContainerRuntime
{
    private const int LongestOutput = 10 * 1024;

    private readonly DockerImages _images = new(docker);
    private readonly DockerLogs _logs = new(docker);
    private readonly DockerContainers _containers = new(docker);
    private readonly PodCgroups _cgroups = new();
    private readonly DockerUsage _usage = new(new DockerContainers(docker), clock);
    private readonly DockerStreaming _streaming = new(docker, clock);

    public string Name => "docker";

    public IImageService Images => _images;

    public IStreamingService Streaming => _streaming;

    public async Task<string> GetVersionAsync(CancellationToken cancellationToken) =>
        (await docker.AskAsync((client, token) => client.System.GetVersionAsync(token), cancellationToken)).Version;

    public async Task<IReadOnlyList<RuntimePod>> ListPodsAsync(CancellationToken cancellationToken) =>
    [
        .. (await _containers.ListAsync(DockerLabels.PodUid, cancellationToken))
            .GroupBy(container => DockerLabels.Get(container.Labels, DockerLabels.PodUid))
            .Select(group => PodOf(
                group.Key,
                group.First().Labels,
                group.Where(IsSandbox).Select(DockerStates.Sandbox),
                group.Where(container => !IsSandbox(container)).Select(DockerStates.Container))),
    ];

    public async Task<RuntimePod> GetPodAsync(string uid, CancellationToken cancellationToken)
    {
        var listed = await _containers.ListAsync($"{DockerLabels.PodUid}={uid}", cancellationToken);
        if (listed.Count == 0)
        {
            return RuntimePod.Empty(uid);
        }

        var inspected = (await Task.WhenAll(listed.Select(container => _containers.InspectAsync(container.ID, cancellationToken)))).OfType<ContainerInspectResponse>().ToList();
        foreach (var container in inspected)
        {
            _cgroups.Seen(DockerLabels.Get(container.Config?.Labels, DockerLabels.SandboxId), container.HostConfig?.CgroupParent);
        }

        var sandboxes = inspected.Where(container => DockerLabels.Get(container.Config?.Labels, DockerLabels.Type) == DockerLabels.TypeSandbox);
        var containers = await Task.WhenAll(inspected
            .Where(container => DockerLabels.Get(container.Config?.Labels, DockerLabels.Type) == DockerLabels.TypeContainer)
            .Select(container => WithMessageAsync(container, cancellationToken)));
        return PodOf(uid, listed[0].Labels, sandboxes.Select(DockerStates.Sandbox), containers);
    }

    public async Task<RuntimeSandbox> RunSandboxAsync(SandboxConfig config, CancellationToken cancellationToken)
    {
        var image = await PauseImageAsync(cancellationToken);
        var id = await CreateAsync(parameters.Of(config, image), cancellationToken);
        await docker.CommandAsync((client, token) => client.Containers.StartContainerAsync(id, new ContainerStartParameters(), token), cancellationToken);
        var inspected = await _containers.InspectAsync(id, cancellationToken) ?? throw new ContainerRuntimeException($"sandbox {id} is gone");
        return DockerStates.Sandbox(inspected);
    }

    public Task StopSandboxAsync(string id, CancellationToken cancellationToken) => StopContainerAsync(id, TimeSpan.FromSeconds(2), cancellationToken);

    public Task RemoveSandboxAsync(string id, CancellationToken cancellationToken)
    {
        _cgroups.Remove(id);
        return RemoveContainerAsync(id, cancellationToken);
    }

    public async Task<string> CreateContainerAsync(string sandboxId, ContainerConfig config, CancellationToken cancellationToken)
    {
        var container = parameters.Of(config, sandboxId);
        if (config.Pod.Limits is { } limits)
        {
            var sandbox = await _containers.InspectAsync(sandboxId, cancellationToken);
            container.HostConfig!.CgroupParent = _cgroups.Ensure(sandboxId, sandbox?.State?.Pid ?? 0, config.Pod.Uid, limits);
        }

        return await CreateAsync(container, cancellationToken);
    }

    public Task StartContainerAsync(string id, CancellationToken cancellationToken) =>
        docker.CommandAsync((client, token) => client.Containers.StartContainerAsync(id, new ContainerStartParameters(), token), cancellationToken);

    public Task UpdateContainerAsync(string id, ContainerResources resources, CancellationToken cancellationToken) =>
        docker.CommandAsync((client, token) => client.Containers.UpdateContainerAsync(id, DockerParameters.Of(resources), token), cancellationToken);

    public async Task StopContainerAsync(string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        try
        {
            var stop = new ContainerStopParameters { WaitBeforeKillSeconds = (uint)Math.Ceiling(Math.Max(0, grace.TotalSeconds)) };
            await docker.CommandAsync((client, token) => client.Containers.StopContainerAsync(id, stop, token), TimeSpan.FromSeconds(stop.WaitBeforeKillSeconds ?? 0), cancellationToken);
        }
        catch (ContainerRuntimeException exception) when (exception.IsNotFound)
        {
            // Gone is as good as stopped.
        }
    }

    public async Task RemoveContainerAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var remove = new ContainerRemoveParameters { Force = true, RemoveVolumes = true };
            await docker.CommandAsync((client, token) => client.Containers.RemoveContainerAsync(id, remove, token), TimeSpan.Zero, cancellationToken);
        }
        catch (ContainerRuntimeException exception) when (exception.IsNotFound)
        {
            // That was the wish.
        }
        catch (ContainerRuntimeException exception) when (exception.IsConflict)
        {
            // "removal of container is already in progress": someone does it.
        }
    }

    public async Task<ExecResult> ExecAsync(string id, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await docker.StreamAsync(client => ExecAsync(client, id, command, limit.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"command {string.Join(' ', command)} timed out");
        }
    }

    public Task CopyLogsAsync(string id, LogOptions options, Stream output, CancellationToken cancellationToken) =>
        _logs.CopyAsync(id, options, output, cancellationToken);

    public Task<IReadOnlyList<ContainerUsage>> GetUsageAsync(CancellationToken cancellationToken) => _usage.ReadAsync(cancellationToken);

    public async IAsyncEnumerable<string> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var uids = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var monitor = MonitorAsync(uids.Writer, stop.Token);
        try
        {
            await foreach (var uid in uids.Reader.ReadAllAsync(cancellationToken))
            {
                yield return uid;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await monitor;
        }
    }

    private async Task MonitorAsync(ChannelWriter<string> uids, CancellationToken cancellationToken)
    {
        try
        {
            var events = new ContainerEventsParameters
            {
                Filters = DockerContainers.Filters(("type", ["container"]), ("label", [DockerLabels.PodUid]), ("event", ["start", "die", "destroy", "oom"])),
            };
            await docker.StreamAsync(client => client.System.MonitorEventsAsync(events, new UidProgress(uids), cancellationToken));
            uids.TryComplete();
        }
        catch (OperationCanceledException)
        {
            uids.TryComplete();
        }
        catch (ContainerRuntimeException exception)
        {
            uids.TryComplete(exception);
        }
    }

    private static async Task<ExecResult> ExecAsync(DockerClient client, string id, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var create = new ContainerExecCreateParameters { AttachStdout = true, AttachStderr = true, Cmd = [.. command] };
        var exec = await client.Exec.CreateContainerExecAsync(id, create, cancellationToken);
        using var stream = await client.Exec.StartContainerExecAsync(exec.ID, new ContainerExecStartParameters(), cancellationToken);
        var buffer = new byte[LongestOutput];
        var output = new StringBuilder();
        while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken) is { EOF: false } read)
        {
            if (output.Length < LongestOutput)
            {
                output.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
            }
        }

        var inspected = await client.Exec.InspectContainerExecAsync(exec.ID, cancellationToken);
        return new ExecResult(inspected.ExitCode ?? 0, output.ToString());
    }

    private static RuntimePod PodOf(
        string uid, IDictionary<string, string> labels, IEnumerable<RuntimeSandbox> sandboxes, IEnumerable<RuntimeContainer> containers) => new(
        uid,
        DockerLabels.Get(labels, DockerLabels.PodNamespace),
        DockerLabels.Get(labels, DockerLabels.PodName),
        [.. sandboxes.OrderByDescending(sandbox => sandbox.Attempt)],
        [.. containers.OrderByDescending(container => container.Attempt)]);

    private static bool IsSandbox(ContainerListResponse container) => DockerLabels.Get(container.Labels, DockerLabels.Type) == DockerLabels.TypeSandbox;

    private async Task<RuntimeContainer> WithMessageAsync(ContainerInspectResponse inspected, CancellationToken cancellationToken)
    {
        var container = DockerStates.Container(inspected);
        return container.State == ContainerRunState.Exited
            ? container with { Message = await TerminationMessages.ReadAsync(container, inspected, _logs, cancellationToken) }
            : container;
    }

    /// <summary>A name that is taken is left over from a start that this kubelet did not see the end of.</summary>
    private async Task<string> CreateAsync(CreateContainerParameters container, CancellationToken cancellationToken)
    {
        try
        {
            return (await docker.CommandAsync((client, token) => client.Containers.CreateContainerAsync(container, token), cancellationToken)).ID;
        }
        catch (ContainerRuntimeException exception) when (exception.IsConflict)
        {
            await RemoveContainerAsync(container.Name ?? "", cancellationToken);
            return (await docker.CommandAsync((client, token) => client.Containers.CreateContainerAsync(container, token), cancellationToken)).ID;
        }
    }

    /// <summary>The pause image by its name, or one of the same last name that was made here, or pulled.</summary>
    private async Task<string> PauseImageAsync(CancellationToken cancellationToken)
    {
        var local = pauseImage[(pauseImage.LastIndexOf('/') + 1)..];
        var image = await _images.FindAsync(pauseImage, cancellationToken)
            ?? await _images.FindAsync(local, cancellationToken)
            ?? await _images.PullAsync(pauseImage, [], cancellationToken);
        return image.Id;
    }

    private sealed class UidProgress(ChannelWriter<string> uids) : IProgress<Message>
    {
        public void Report(Message value)
        {
            if (DockerLabels.Get(value.Actor?.Attributes, DockerLabels.PodUid) is { Length: > 0 } uid)
            {
                uids.TryWrite(uid);
            }
        }
    }
}
