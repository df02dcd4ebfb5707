using System.Collections.Concurrent;

using MiniKube.Kubelet.Stats;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>What containers use, from the kernel's own counters. The engine is asked once a container where these are; its own statistics take it a second each.</summary>
internal sealed class DockerUsage(DockerContainers containers, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, (long Pid, Cgroup Cgroup, ContainerUsage Container)> _known = [];

    public async Task<IReadOnlyList<ContainerUsage>> ReadAsync(CancellationToken cancellationToken)
    {
        var running = (await containers.ListAsync(DockerLabels.PodUid, cancellationToken)).Where(container => container.State == "running").Select(container => container.ID).ToHashSet();
        foreach (var gone in _known.Keys.Where(id => !running.Contains(id)))
        {
            _known.TryRemove(gone, out _);
        }

        await Task.WhenAll(running.Where(id => !_known.ContainsKey(id)).Select(id => FindAsync(id, cancellationToken)));
        return [.. _known.Values.Select(Read).OfType<ContainerUsage>()];
    }

    private ContainerUsage? Read((long Pid, Cgroup Cgroup, ContainerUsage Container) known) => known.Cgroup.Read(clock.GetUtcNow()) is { } usage
        ? known.Container with
        {
            Usage = usage,
            Interfaces = known.Container.IsSandbox && known.Pid != 0 ? InterfaceUsage.OfProcess(known.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture)) : [],
        }
        : null;

    private async Task FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await containers.InspectAsync(id, cancellationToken) is not { State: { Running: true } state } container
            || !ContainerProcess.Exists(state.Pid, id) || Cgroup.OfProcess(state.Pid) is not { } cgroup)
        {
            return;
        }

        var labels = container.Config?.Labels;
        var isSandbox = DockerLabels.Get(labels, DockerLabels.Type) == DockerLabels.TypeSandbox;
        var usage = new ContainerUsage(
            DockerLabels.Get(labels, DockerLabels.PodUid),
            DockerLabels.Get(labels, DockerLabels.PodNamespace),
            DockerLabels.Get(labels, DockerLabels.PodName),
            DockerLabels.Get(labels, DockerLabels.ContainerName),
            id,
            DockerStates.ParseTime(state.StartedAt) ?? clock.GetUtcNow(),
            ResourceUsage.None(clock.GetUtcNow()))
        {
            IsSandbox = isSandbox,
            Image = isSandbox ? container.Config?.Image ?? "" : DockerLabels.Get(labels, DockerLabels.Image),
            Cgroup = cgroup.Name,
            WritableLayer = container.GraphDriver?.Data?.TryGetValue("UpperDir", out var upper) == true ? upper : "",
            LogPath = container.LogPath ?? "",
        };

        // With the node's network its interfaces are the node's.
        var hasNetwork = isSandbox && container.HostConfig?.NetworkMode != "host";
        _known[id] = (hasNetwork ? state.Pid : 0, cgroup, usage);
    }
}
