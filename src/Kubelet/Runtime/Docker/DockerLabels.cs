using System.Globalization;

namespace MiniKube.Kubelet.Runtime.Docker;

/// <summary>Upstream's names and labels: by them alone the kubelet knows its containers again.</summary>
internal static class DockerLabels
{
    public const string PodName = "io.kubernetes.pod.name";
    public const string PodNamespace = "io.kubernetes.pod.namespace";
    public const string PodUid = "io.kubernetes.pod.uid";
    public const string ContainerName = "io.kubernetes.container.name";
    public const string Type = "io.kubernetes.docker.type";
    public const string SandboxId = "io.kubernetes.sandbox.id";
    public const string RestartCount = "annotation.io.kubernetes.container.restartCount";
    public const string GracePeriod = "annotation.io.kubernetes.pod.terminationGracePeriod";
    public const string TerminationMessagePath = "annotation.io.kubernetes.container.terminationMessagePath";
    public const string TerminationMessagePolicy = "annotation.io.kubernetes.container.terminationMessagePolicy";
    public const string Image = "annotation.io.kubernetes.container.image";
    public const string ImageId = "annotation.io.kubernetes.container.imageID";

    public const string TypeSandbox = "podsandbox";
    public const string TypeContainer = "container";
    public const string FallbackToLogs = "FallbackToLogsOnError";

    private const string SandboxName = "POD";

    public static string NameOf(SandboxConfig pod) => NameOf(SandboxName, pod, pod.Attempt);

    public static string NameOf(ContainerConfig container) => NameOf(container.Name, container.Pod, container.Attempt);

    public static Dictionary<string, string> Of(SandboxConfig pod) => new()
    {
        [PodName] = pod.Name,
        [PodNamespace] = pod.Namespace,
        [PodUid] = pod.Uid,
        [ContainerName] = SandboxName,
        [Type] = TypeSandbox,
        [RestartCount] = Number(pod.Attempt),
    };

    public static Dictionary<string, string> Of(ContainerConfig container, string sandboxId)
    {
        var labels = Of(container.Pod);
        labels[ContainerName] = container.Name;
        labels[Type] = TypeContainer;
        labels[SandboxId] = sandboxId;
        labels[RestartCount] = Number(container.Attempt);
        labels[GracePeriod] = Number((long)container.TerminationGracePeriod.TotalSeconds);
        labels[TerminationMessagePath] = container.TerminationMessagePath;
        labels[TerminationMessagePolicy] = container.TerminationMessageFromLogs ? FallbackToLogs : "File";
        labels[Image] = container.Image;
        labels[ImageId] = container.ImageId;
        return labels;
    }

    public static string Get(IDictionary<string, string>? labels, string name) =>
        labels is not null && labels.TryGetValue(name, out var value) ? value : "";

    public static int GetNumber(IDictionary<string, string>? labels, string name) =>
        int.TryParse(Get(labels, name), CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string NameOf(string container, SandboxConfig pod, int attempt) =>
        $"k8s_{container}_{pod.Name}_{pod.Namespace}_{pod.Uid}_{Number(attempt)}";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
