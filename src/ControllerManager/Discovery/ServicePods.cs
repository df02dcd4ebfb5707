using k8s.Models;

using MiniKube.Api.Meta;
using MiniKube.Api.Selectors;
using MiniKube.Client;
using MiniKube.Client.Informers;
using MiniKube.ControllerManager.Pods;

namespace MiniKube.ControllerManager.Discovery;

/// <summary>Which services a pod stands behind, and with what address and ports.</summary>
internal static class ServicePods
{
    /// <summary>The services that choose the pod now or did before. Changes that no endpoint shows concern none.</summary>
    public static IEnumerable<NamespacedName> ServicesOf(ObjectChange<V1Pod> change, ILister<V1Service> services)
    {
        if ((change.New ?? change.Old) is not { } pod || !Matters(change))
        {
            return [];
        }

        return services.List(pod.Key().Namespace)
            .Where(service => Chooses(service, change.New) || Chooses(service, change.Old))
            .Select(service => service.Key());
    }

    public static IReadOnlyList<V1Pod> PodsOf(V1Service service, ILister<V1Pod> pods)
    {
        var selector = LabelSelector.FromLabels(service.Spec?.Selector);
        return [.. pods.List(service.Key().Namespace).Where(pod => selector.MatchesLabels(pod.Metadata?.Labels))];
    }

    /// <summary>A pod that has ended serves nothing; one without an address cannot be reached.</summary>
    public static bool CanServe(V1Pod pod, bool includeTerminating) =>
        !pod.HasEnded() && !string.IsNullOrEmpty(pod.Status?.PodIP) && (includeTerminating || pod.Metadata?.DeletionTimestamp is null);

    public static V1ObjectReference Reference(V1Pod pod) => new()
    {
        Kind = "Pod",
        NamespaceProperty = pod.Metadata?.NamespaceProperty,
        Name = pod.Metadata?.Name,
        Uid = pod.Metadata?.Uid,
    };

    /// <summary>The name that a headless service of the pod's subdomain gives it in DNS.</summary>
    public static string? Hostname(V1Pod pod, V1Service service) =>
        !string.IsNullOrEmpty(pod.Spec?.Hostname) && pod.Spec.Subdomain == service.Metadata?.Name ? pod.Spec.Hostname : null;

    /// <summary>The number of the pod's port that a service's port leads to; null when the pod has no port of that name.</summary>
    public static int? TargetPort(V1Pod pod, V1ServicePort port)
    {
        if (port.TargetPort?.Value is not { Length: > 0 } target)
        {
            return port.Port;
        }

        if (int.TryParse(target, out var number))
        {
            return number == 0 ? port.Port : number;
        }

        return Containers(pod)
            .SelectMany(container => container.Ports ?? [])
            .FirstOrDefault(candidate => candidate.Name == target && (candidate.Protocol ?? "TCP") == (port.Protocol ?? "TCP"))
            ?.ContainerPort;
    }

    public static bool IsHeadless(V1Service service) => service.Spec?.ClusterIP is null or "" or "None";

    // Restartable init containers run beside the others, and may serve.
    private static IEnumerable<V1Container> Containers(V1Pod pod) =>
        (pod.Spec?.Containers ?? []).Concat((pod.Spec?.InitContainers ?? []).Where(container => container.RestartPolicy == "Always"));

    private static bool Chooses(V1Service service, V1Pod? pod) =>
        pod is not null && LabelSelector.FromLabels(service.Spec?.Selector).MatchesLabels(pod.Metadata?.Labels);

    private static bool Matters(ObjectChange<V1Pod> change) => change is not { Old: { } old, New: { } now } || Shown(old) != Shown(now);

    private static string Shown(V1Pod pod) => string.Join(
        '\0',
        pod.IsReady(),
        pod.HasEnded(),
        pod.Metadata?.DeletionTimestamp is null,
        pod.Spec?.NodeName,
        pod.Spec?.Hostname,
        pod.Spec?.Subdomain,
        string.Join(',', (pod.Status?.PodIPs ?? []).Select(address => address.Ip).Append(pod.Status?.PodIP)),
        string.Join(',', (pod.Metadata?.Labels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal)));
}
