using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;

using MiniKube.Kubelet.Stats;

namespace MiniKube.Kubelet.Runtime.Hollow;

/// <summary>Runs pods in memory: nothing starts, everything is as if it had. For clusters in tests and for thousands of nodes in a process.</summary>
/// <param name="subnet">The first three bytes of its pods' addresses, such as <c>10.100.0</c>.</param>
/// <param name="clock">Gives containers their times.</param>
internal sealed class HollowRuntime(string subnet, TimeProvider clock) : IContainerRuntime
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HollowPod> _pods = [];
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
    private int _lastAddress = 1;

    public string Name => "hollow";

    public IImageService Images { get; } = new HollowImages();

    public IStreamingService Streaming { get; init; } = new HollowStreaming();

    public Task<string> GetVersionAsync(CancellationToken cancellationToken) => Task.FromResult("1.34.0");

    public Task<IReadOnlyList<RuntimePod>> ListPodsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<RuntimePod>>([.. _pods.Select(entry => entry.Value.Snapshot(entry.Key))]);
        }
    }

    public Task<RuntimePod> GetPodAsync(string uid, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_pods.TryGetValue(uid, out var pod) ? pod.Snapshot(uid) : RuntimePod.Empty(uid));
        }
    }

    public Task<RuntimeSandbox> RunSandboxAsync(SandboxConfig config, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_pods.TryGetValue(config.Uid, out var pod))
            {
                pod = new HollowPod(config.Namespace, config.Name);
                _pods[config.Uid] = pod;
            }

            var sandbox = new RuntimeSandbox(NewId(), config.Attempt, true, config.HostNetwork ? "" : NextAddress(), clock.GetUtcNow());
            pod.Sandboxes.Add(sandbox);
            return Task.FromResult(sandbox);
        }
    }

    public Task StopSandboxAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var pod in _pods.Values)
            {
                if (pod.Sandboxes.FindIndex(sandbox => sandbox.Id == id) is >= 0 and var index)
                {
                    pod.Sandboxes[index] = pod.Sandboxes[index] with { Ready = false };
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task RemoveSandboxAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var (uid, pod) in _pods.ToList())
            {
                pod.Sandboxes.RemoveAll(sandbox => sandbox.Id == id);
                if (pod.Sandboxes.Count == 0 && pod.Containers.Count == 0)
                {
                    _pods.Remove(uid);
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<string> CreateContainerAsync(string sandboxId, ContainerConfig config, CancellationToken cancellationToken)
    {
        var state = new RuntimeContainer(NewId(), config.Name, config.Attempt, ContainerRunState.Created)
        {
            Image = config.Image,
            ImageId = config.ImageId,
            SandboxId = sandboxId,
            Resources = config.Resources,
            TerminationGracePeriod = config.TerminationGracePeriod,
        };
        lock (_lock)
        {
            _pods[config.Pod.Uid].Containers.Add(new HollowContainer(state, config));
        }

        return Task.FromResult(state.Id);
    }

    public Task StartContainerAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var (uid, container) = Find(id) ?? throw new ContainerRuntimeException($"No such container: {id}");
            container.State = container.State with { State = ContainerRunState.Running, StartedAt = clock.GetUtcNow() };
            if (HollowProgram.Of(container.Config.Command, container.Config.Args) is { } program)
            {
                container.End = clock.CreateTimer(_ => Exit(id, program.ExitCode), null, program.Duration, Timeout.InfiniteTimeSpan);
            }

            _events.Writer.TryWrite(uid);
        }

        return Task.CompletedTask;
    }

    public Task UpdateContainerAsync(string id, ContainerResources resources, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var (_, container) = Find(id) ?? throw new ContainerRuntimeException($"No such container: {id}");
            container.State = container.State with { Resources = resources };
        }

        return Task.CompletedTask;
    }

    public Task StopContainerAsync(string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        Exit(id, 0);
        return Task.CompletedTask;
    }

    public Task RemoveContainerAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var pod in _pods.Values)
            {
                pod.Containers.RemoveAll(container => container.State.Id == id);
            }
        }

        return Task.CompletedTask;
    }

    public Task<ExecResult> ExecAsync(string id, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellationToken) =>
        Task.FromResult(new ExecResult(HollowProgram.Of(command, [])?.ExitCode ?? 0, ""));

    public Task CopyLogsAsync(string id, LogOptions options, Stream output, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nothing, since nothing runs.</summary>
    public Task<IReadOnlyList<ContainerUsage>> GetUsageAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            return Task.FromResult<IReadOnlyList<ContainerUsage>>(
            [
                .. _pods.SelectMany(entry => entry.Value.Containers.Where(container => container.State.State == ContainerRunState.Running).Select(container =>
                    new ContainerUsage(entry.Key, entry.Value.Namespace, entry.Value.Name, container.State.Name, container.State.Id, container.State.StartedAt ?? now, ResourceUsage.None(now))
                    {
                        Image = container.State.Image,
                    })),
            ]);
        }
    }

    public async IAsyncEnumerable<string> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var uid in _events.Reader.ReadAllAsync(cancellationToken))
        {
            yield return uid;
        }
    }

    /// <summary>Ends a container as if its process had.</summary>
    public void Exit(string id, int exitCode)
    {
        lock (_lock)
        {
            if (Find(id) is not var (uid, container) || container.State.State != ContainerRunState.Running)
            {
                return;
            }

            container.End?.Dispose();
            container.State = container.State with
            {
                State = ContainerRunState.Exited,
                ExitCode = exitCode,
                FinishedAt = clock.GetUtcNow(),
                Reason = exitCode == 0 ? "Completed" : "Error",
            };
            _events.Writer.TryWrite(uid);
        }
    }

    private (string Uid, HollowContainer Container)? Find(string id)
    {
        foreach (var (uid, pod) in _pods)
        {
            if (pod.Containers.Find(container => container.State.Id == id) is { } container)
            {
                return (uid, container);
            }
        }

        return null;
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private string NextAddress()
    {
        var used = _pods.Values.SelectMany(pod => pod.Sandboxes).Where(sandbox => sandbox.Ready).Select(sandbox => sandbox.Ip).ToHashSet();
        for (var tries = 0; tries < 253; tries++)
        {
            _lastAddress = _lastAddress >= 254 ? 2 : _lastAddress + 1;
            var address = string.Create(CultureInfo.InvariantCulture, $"{subnet}.{_lastAddress}");
            if (!used.Contains(address))
            {
                return address;
            }
        }

        throw new ContainerRuntimeException($"no address left in {subnet}.0/24");
    }
}
