using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>What only pods are given by default, and not the templates that they are made of (upstream's SetDefaults_Pod).</summary>
internal static class PodDefaults
{
    public static void Apply(JsonObject spec)
    {
        var isOnHostNetwork = spec.BooleanAt("hostNetwork") == true;
        foreach (var container in spec.ObjectsAt("containers").Concat(spec.ObjectsAt("initContainers")))
        {
            RequestWhatIsLimited(container.ObjectAt("resources"));
            foreach (var port in isOnHostNetwork ? container.ObjectsAt("ports") : [])
            {
                if (port.IntegerAt("hostPort") is null or 0 && port["containerPort"] is { } number)
                {
                    port["hostPort"] = number.DeepClone();
                }
            }
        }

        if (spec.ObjectAt("resources") is { } resources)
        {
            OfWholePod(spec, resources);
        }

        spec.SetDefault("enableServiceLinks", true);
    }

    /// <summary>The single address of a pod is the first of its list. Where they differ the single one counts: old kubelets know only that.</summary>
    public static void MirrorAddresses(JsonObject status)
    {
        var (one, all) = (status.StringAt("podIP") ?? "", status["podIPs"] as JsonArray);
        if (one.Length > 0 && (all is not { Count: > 0 } || all[0].StringAt("ip") != one))
        {
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = one });
        }
        else if (one.Length == 0 && all is { Count: > 0 } && all[0].StringAt("ip") is { } first)
        {
            status["podIP"] = first;
        }
    }

    private static void RequestWhatIsLimited(JsonObject? resources)
    {
        foreach (var (name, limit) in resources.ObjectAt("limits") ?? [])
        {
            if (limit is not null)
            {
                resources!.GetOrAddObject("requests").SetDefault(name, limit.DeepClone());
            }
        }
    }

    // Huge pages are limited to what the containers are; requests are those of the containers, or else the limits.
    private static void OfWholePod(JsonObject spec, JsonObject resources)
    {
        foreach (var (name, limit) in PodResources.OfContainers(spec, "limits").Where(limit => ResourceNames.IsHugePages(limit.Key)))
        {
            resources.GetOrAddObject("limits").SetDefault(name, limit.ToString());
        }

        if (resources.ObjectAt("limits") is not { Count: > 0 } limits)
        {
            return;
        }

        var requests = resources.GetOrAddObject("requests");
        foreach (var (name, request) in PodResources.OfContainers(spec, "requests").Where(request => request.Key is "cpu" or "memory"))
        {
            requests.SetDefault(name, request.ToString());
        }

        foreach (var (name, limit) in limits)
        {
            if (limit is not null && (name is "cpu" or "memory" || ResourceNames.IsHugePages(name)))
            {
                requests.SetDefault(name, limit.DeepClone());
            }
        }
    }
}
