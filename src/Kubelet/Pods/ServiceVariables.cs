using System.Globalization;

using k8s.Models;

namespace MiniKube.Kubelet.Pods;

/// <summary>The variables by which pods find services, in the form of Docker's links. Pure.</summary>
internal static class ServiceVariables
{
    /// <summary>Of the services in the pod's namespace, unless it does not want them, and always of the API server.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(V1Pod pod, IEnumerable<V1Service> services)
    {
        var chosen = new Dictionary<string, V1Service>();
        foreach (var service in services.Where(service => service.Spec?.ClusterIP is not (null or "" or "None")))
        {
            var (name, @namespace) = (service.Metadata?.Name ?? "", service.Metadata?.NamespaceProperty);
            if (@namespace == pod.Namespace() && (pod.Spec?.EnableServiceLinks != false || (name == "kubernetes" && @namespace == "default")))
            {
                chosen[name] = service;
            }
            else if (@namespace == "default" && name == "kubernetes")
            {
                chosen.TryAdd(name, service);
            }
        }

        return [.. chosen.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => Of(entry.Key, entry.Value))];
    }

    private static IEnumerable<(string Name, string Value)> Of(string name, V1Service service)
    {
        var prefix = Upper(name);
        var ip = service.Spec?.ClusterIP ?? "";
        var ports = service.Spec?.Ports ?? [];
        if (ports.Count == 0)
        {
            yield break;
        }

        yield return ($"{prefix}_SERVICE_HOST", ip);
        yield return ($"{prefix}_SERVICE_PORT", Number(ports[0].Port));
        foreach (var port in ports.Where(port => !string.IsNullOrEmpty(port.Name)))
        {
            yield return ($"{prefix}_SERVICE_PORT_{Upper(port.Name)}", Number(port.Port));
        }

        for (var i = 0; i < ports.Count; i++)
        {
            var protocol = ports[i].Protocol ?? "TCP";
            var url = $"{protocol.ToLowerInvariant()}://{(ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]" : ip)}:{Number(ports[i].Port)}";
            if (i == 0)
            {
                yield return ($"{prefix}_PORT", url);
            }

            var one = $"{prefix}_PORT_{Number(ports[i].Port)}_{protocol}";
            yield return (one, url);
            yield return ($"{one}_PROTO", protocol.ToLowerInvariant());
            yield return ($"{one}_PORT", Number(ports[i].Port));
            yield return ($"{one}_ADDR", ip);
        }
    }

    private static string Upper(string name) => name.ToUpperInvariant().Replace('-', '_');

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
