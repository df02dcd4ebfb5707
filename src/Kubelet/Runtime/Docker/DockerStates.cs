using System.Globalization;

using Docker.DotNet.Models;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>What Docker says of containers, in CRI's words. Pure.</summary>
internal static class DockerStates
{
    public static RuntimeSandbox Sandbox(ContainerInspectResponse inspected) => new(
        inspected.ID,
        DockerLabels.GetNumber(inspected.Config?.Labels, DockerLabels.RestartCount),
        inspected.State?.Running == true,
        inspected.NetworkSettings?.Networks?.Values.Select(network => network.IPAddress).FirstOrDefault(ip => !string.IsNullOrEmpty(ip)) ?? "",
        inspected.Created);

    public static RuntimeSandbox Sandbox(ContainerListResponse listed) => new(
        listed.ID, DockerLabels.GetNumber(listed.Labels, DockerLabels.RestartCount), listed.State == "running", "", listed.Created);

    public static RuntimeContainer Container(ContainerListResponse listed) => new(
        listed.ID,
        DockerLabels.Get(listed.Labels, DockerLabels.ContainerName),
        DockerLabels.GetNumber(listed.Labels, DockerLabels.RestartCount),
        listed.State switch
        {
            "running" or "paused" or "restarting" => ContainerRunState.Running,
            "created" => ContainerRunState.Created,
            _ => ContainerRunState.Exited,
        })
    {
        TerminationGracePeriod = TimeSpan.FromSeconds(DockerLabels.GetNumber(listed.Labels, DockerLabels.GracePeriod)),
    };

    public static RuntimeContainer Container(ContainerInspectResponse inspected)
    {
        var labels = inspected.Config?.Labels;
        var state = inspected.State ?? new State();
        var couldNotRun = state.Status == "created" && state.ExitCode != 0;
        var finished = ParseTime(state.FinishedAt);
        return new RuntimeContainer(
            inspected.ID,
            DockerLabels.Get(labels, DockerLabels.ContainerName),
            DockerLabels.GetNumber(labels, DockerLabels.RestartCount),
            state.Running ? ContainerRunState.Running : couldNotRun || finished is not null ? ContainerRunState.Exited : ContainerRunState.Created)
        {
            Image = DockerLabels.Get(labels, DockerLabels.Image),
            ImageId = DockerLabels.Get(labels, DockerLabels.ImageId),
            SandboxId = DockerLabels.Get(labels, DockerLabels.SandboxId),
            StartedAt = ParseTime(state.StartedAt) ?? (couldNotRun ? inspected.Created : null),
            FinishedAt = state.Running ? null : finished ?? (couldNotRun ? inspected.Created : null),
            Resources = new ContainerResources(inspected.HostConfig?.CPUShares ?? 0, inspected.HostConfig?.CPUQuota ?? 0, inspected.HostConfig?.Memory ?? 0),
            ExitCode = (int)state.ExitCode,
            Reason = couldNotRun ? "ContainerCannotRun" : state.OOMKilled ? "OOMKilled" : "",
            Message = state.Running ? "" : state.Error ?? "",
            TerminationGracePeriod = TimeSpan.FromSeconds(DockerLabels.GetNumber(labels, DockerLabels.GracePeriod)),
        };
    }

    public static DateTimeOffset? ParseTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time : null;
}
