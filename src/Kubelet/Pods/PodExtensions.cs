using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>What is often asked of a pod.</summary>
internal static class PodExtensions
{
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";
    private const string SourceAnnotation = "kubernetes.io/config.source";

    // A timer takes 4,294,967 seconds, 49 days. A pod that asks for a longer one gets this, rather than none.
    private const long MostSeconds = 4_000_000;

    public static string Uid(this V1Pod pod) => pod.Metadata?.Uid ?? "";

    public static string Namespace(this V1Pod pod) => pod.Metadata?.NamespaceProperty ?? "default";

    public static string Name(this V1Pod pod) => pod.Metadata?.Name ?? "";

    /// <summary>Upstream's form in messages: <c>name_namespace(uid)</c>.</summary>
    public static string Describe(this V1Pod pod) => $"{pod.Name()}_{pod.Namespace()}({pod.Uid()})";

    public static IEnumerable<V1Container> Containers(this V1Pod pod) => pod.Spec?.Containers ?? [];

    public static IEnumerable<V1Container> InitContainers(this V1Pod pod) => pod.Spec?.InitContainers ?? [];

    public static IEnumerable<V1Container> EphemeralContainers(this V1Pod pod) =>
        (pod.Spec?.EphemeralContainers ?? []).Select(AsContainer);

    public static IEnumerable<V1Container> AllContainers(this V1Pod pod) =>
        pod.InitContainers().Concat(pod.Containers()).Concat(pod.EphemeralContainers());

    /// <summary>A restartable init container, which runs beside the others for the pod's life.</summary>
    public static bool IsSidecar(this V1Container container) => container.RestartPolicy == "Always";

    public static string RestartPolicy(this V1Pod pod) => pod.Spec?.RestartPolicy ?? "Always";

    public static bool HostNetwork(this V1Pod pod) => pod.Spec?.HostNetwork == true;

    /// <summary>Whether requests or limits are of the pod as a whole (KEP-2837).</summary>
    public static bool HasOwnResources(this V1Pod pod) => pod.Spec?.Resources is { } resources && (resources.Limits is { Count: > 0 } || resources.Requests is { Count: > 0 });

    public static bool IsDeleted(this V1Pod pod) => pod.Metadata?.DeletionTimestamp is not null;

    public static bool IsFinished(this V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    /// <summary>A pod that only shows what a static pod does; it is never run.</summary>
    public static bool IsMirror(this V1Pod pod) => pod.Metadata?.Annotations?.ContainsKey(MirrorAnnotation) == true;

    /// <summary>A pod that came from a file of this node.</summary>
    public static bool IsStatic(this V1Pod pod) =>
        pod.Metadata?.Annotations is { } annotations && annotations.TryGetValue(SourceAnnotation, out var source) && source != "api";

    public static TimeSpan TerminationGracePeriod(this V1Pod pod) =>
        Seconds(pod.Metadata?.DeletionGracePeriodSeconds ?? pod.Spec?.TerminationGracePeriodSeconds ?? 30);

    /// <summary>A time that a pod's spec gives in seconds, as far as it can be waited for.</summary>
    public static TimeSpan Seconds(long seconds) => TimeSpan.FromSeconds(Math.Min(seconds, MostSeconds));

    /// <summary>The part of the pod that an event about one of its containers names.</summary>
    public static string FieldPath(this V1Pod pod, string containerName)
    {
        var list = pod.InitContainers().Any(container => container.Name == containerName) ? "initContainers"
            : pod.EphemeralContainers().Any(container => container.Name == containerName) ? "ephemeralContainers"
            : "containers";
        return $"spec.{list}{{{containerName}}}";
    }

    private static V1Container AsContainer(V1EphemeralContainer container) => new()
    {
        Name = container.Name,
        Image = container.Image,
        ImagePullPolicy = container.ImagePullPolicy,
        Command = container.Command,
        Args = container.Args,
        WorkingDir = container.WorkingDir,
        Ports = container.Ports,
        Env = container.Env,
        EnvFrom = container.EnvFrom,
        Resources = container.Resources,
        RestartPolicy = container.RestartPolicy,
        RestartPolicyRules = container.RestartPolicyRules,
        VolumeMounts = container.VolumeMounts,
        VolumeDevices = container.VolumeDevices,
        LivenessProbe = container.LivenessProbe,
        ReadinessProbe = container.ReadinessProbe,
        StartupProbe = container.StartupProbe,
        Lifecycle = container.Lifecycle,
        SecurityContext = container.SecurityContext,
        TerminationMessagePath = container.TerminationMessagePath,
        TerminationMessagePolicy = container.TerminationMessagePolicy,
        Stdin = container.Stdin,
        StdinOnce = container.StdinOnce,
        Tty = container.Tty,
    };
}
