using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>
/// Finds the fields of a pod that this kubelet does not implement. A test holds every field of PodSpec, and of what is in it, against these lists: what is
/// not here is implemented, or another component's (scheduling, for example).
/// </summary>
internal static class UnsupportedFields
{
    public static IEnumerable<string> Find(V1Pod pod)
    {
        if (pod.Spec is not { } spec)
        {
            return [];
        }

        return Pod(spec)
            .Concat(spec.SecurityContext is { } security ? PodSecurity(security) : [])
            .Concat((spec.Volumes ?? []).SelectMany((volume, i) => UnsupportedVolumeFields.Find(volume, $"spec.volumes[{i}]")))
            .Concat((spec.InitContainers ?? []).SelectMany((container, i) => Container(container, $"spec.initContainers[{i}]")))
            .Concat((spec.Containers ?? []).SelectMany((container, i) => Container(container, $"spec.containers[{i}]")))
            .Concat(FindEphemeral(pod).Select(found => found.Field));
    }

    /// <summary>Those of containers that may be added to a pod while it runs, with the containers' names.</summary>
    public static IEnumerable<(string Container, string Field)> FindEphemeral(V1Pod pod) =>
        pod.EphemeralContainers().SelectMany((container, i) => Container(container, $"spec.ephemeralContainers[{i}]").Select(field => (container.Name, field)));

    /// <summary>The names of those fields that are set.</summary>
    public static IEnumerable<string> Set(string path, params IEnumerable<(string Name, bool IsSet)> fields) =>
        fields.Where(field => field.IsSet).Select(field => $"{path}.{field.Name}");

    private static IEnumerable<string> Pod(V1PodSpec spec) => Set("spec",
        ("resourceClaims", spec.ResourceClaims is { Count: > 0 }),
        ("resources.claims", spec.Resources?.Claims is { Count: > 0 }),
        ("resources.limits", OtherResource(spec.Resources?.Limits) is not null),
        ("hostUsers", spec.HostUsers == false),
        ("hostnameOverride", !string.IsNullOrEmpty(spec.HostnameOverride)),
        ("schedulingGroup", spec.SchedulingGroup is not null),
        ("evictionResponders", spec.EvictionResponders is { Count: > 0 }));

    private static IEnumerable<string> PodSecurity(V1PodSecurityContext security) => Set("spec.securityContext",
        ("windowsOptions", security.WindowsOptions is not null));

    private static IEnumerable<string> Container(V1Container container, string path) => Set(path,
        ("volumeDevices", container.VolumeDevices is { Count: > 0 }),
        ("restartPolicyRules", container.RestartPolicyRules is { Count: > 0 }),
        ("restartPolicy", container.RestartPolicy is not (null or "Always") || (container.RestartPolicy is not null && path.StartsWith("spec.containers", StringComparison.Ordinal))),
        ("resources.claims", container.Resources?.Claims is { Count: > 0 }),
        ("resources.limits", OtherResource(container.Resources?.Limits) is not null),
        ("lifecycle.postStart.httpGet.protocol", container.Lifecycle?.PostStart?.HttpGet?.Protocol is not null),
        ("lifecycle.preStop.httpGet.protocol", container.Lifecycle?.PreStop?.HttpGet?.Protocol is not null))
        .Concat(Probe(container.LivenessProbe, $"{path}.livenessProbe"))
        .Concat(Probe(container.ReadinessProbe, $"{path}.readinessProbe"))
        .Concat(Probe(container.StartupProbe, $"{path}.startupProbe"))
        .Concat(Security(container.SecurityContext, $"{path}.securityContext"))
        .Concat((container.Env ?? []).SelectMany((variable, i) => Set($"{path}.env[{i}]", ("valueFrom.fileKeyRef", variable.ValueFrom?.FileKeyRef is not null))))
        .Concat((container.VolumeMounts ?? []).SelectMany((mount, i) => Mount(mount, $"{path}.volumeMounts[{i}]")));

    private static IEnumerable<string> Probe(V1Probe? probe, string path) => Set(path,
        ("httpGet.protocol", probe?.HttpGet?.Protocol is not null),
        ("grpc.mode", probe?.Grpc?.Mode is not null));

    private static IEnumerable<string> Mount(V1VolumeMount mount, string path) => Set(path,
        ("recursiveReadOnly", mount.RecursiveReadOnly is not (null or "Disabled" or "IfPossible")),
        ("bindMountOptions", mount.BindMountOptions is { Count: > 0 }));

    private static IEnumerable<string> Security(V1SecurityContext? security, string path) => Set(path,
        ("windowsOptions", security?.WindowsOptions is not null),
        ("procMount", security?.ProcMount is not (null or "Default")));

    // Storage is asked of the scheduler only; devices and huge pages need what is not here.
    private static string? OtherResource(IDictionary<string, ResourceQuantity>? limits) =>
        limits?.Keys.FirstOrDefault(name => name is not ("cpu" or "memory" or "ephemeral-storage"));
}
