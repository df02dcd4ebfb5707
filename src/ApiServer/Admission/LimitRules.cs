using System.Globalization;
using System.Text.Json.Nodes;

using MiniKube.Api.Quantities;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources.Core;

using Amounts = System.Collections.Generic.Dictionary<string, MiniKube.Api.Quantities.Quantity>;

namespace MiniKube.ApiServer.Admission;

/// <summary>Whether what a pod or a claim asks for is between the least and the greatest that a limit range allows (upstream's limitranger).</summary>
internal static class LimitRules
{
    private static readonly string[] ContainerLists = ["containers", "initContainers"];
    private static readonly Amounts None = [];

    public static IEnumerable<string> OfPod(JsonObject pod, JsonObject range) => range.ObjectsAt("spec", "limits").SelectMany(limit => limit.StringAt("type") switch
    {
        "Container" => ContainerLists.SelectMany(list => pod.ObjectsAt("spec", list))
            .SelectMany(container => All(limit, Read(container.ObjectAt("resources", "requests")), Read(container.ObjectAt("resources", "limits")))),
        "Pod" => All(limit, PodResources.OfContainers(pod["spec"], "requests"), PodResources.OfContainers(pod["spec"], "limits")),
        _ => [],
    });

    public static IEnumerable<string> OfClaim(JsonObject claim, JsonObject range)
    {
        var requests = Read(claim.ObjectAt("spec", "resources", "requests"));
        return range.ObjectsAt("spec", "limits").Where(limit => limit.StringAt("type") == "PersistentVolumeClaim").SelectMany(limit =>
            Read(limit.ObjectAt("min")).Select(min => Min(limit, min.Key, min.Value, requests, None))
            .Concat(Read(limit.ObjectAt("max")).Select(max => MaxRequest(limit, max.Key, max.Value, requests)))
            .OfType<string>());
    }

    private static IEnumerable<string> All(JsonObject limit, Amounts requests, Amounts limits) =>
        Read(limit.ObjectAt("min")).Select(min => Min(limit, min.Key, min.Value, requests, limits))
        .Concat(Read(limit.ObjectAt("max")).Select(max => Max(limit, max.Key, max.Value, requests, limits)))
        .Concat(Read(limit.ObjectAt("maxLimitRequestRatio")).Select(ratio => Ratio(limit, ratio.Key, ratio.Value, requests, limits)))
        .OfType<string>();

    private static string? Min(JsonObject limit, string name, Quantity least, Amounts requests, Amounts limits)
    {
        var rule = $"minimum {name} usage per {limit.StringAt("type")} is {least}";
        return !requests.TryGetValue(name, out var request) ? $"{rule}.  No request is specified"
            : request < least ? $"{rule}, but request is {request}"
            : limits.TryGetValue(name, out var own) && own < least ? $"{rule}, but limit is {own}"
            : null;
    }

    private static string? Max(JsonObject limit, string name, Quantity most, Amounts requests, Amounts limits)
    {
        var rule = $"maximum {name} usage per {limit.StringAt("type")} is {most}";
        return !limits.TryGetValue(name, out var own) ? $"{rule}.  No limit is specified"
            : own > most ? $"{rule}, but limit is {own}"
            : requests.TryGetValue(name, out var request) && request > most ? $"{rule}, but request is {request}"
            : null;
    }

    private static string? MaxRequest(JsonObject limit, string name, Quantity most, Amounts requests)
    {
        var rule = $"maximum {name} usage per {limit.StringAt("type")} is {most}";
        return !requests.TryGetValue(name, out var request) ? $"{rule}.  No request is specified"
            : request > most ? $"{rule}, but request is {request}"
            : null;
    }

    private static string? Ratio(JsonObject limit, string name, Quantity most, Amounts requests, Amounts limits)
    {
        var rule = $"{name} max limit to request ratio per {limit.StringAt("type")} is {most}";
        if (!requests.TryGetValue(name, out var request) || request.IsZero)
        {
            return $"{rule}, but no request is specified or request is 0";
        }

        if (!limits.TryGetValue(name, out var own) || own.IsZero)
        {
            return $"{rule}, but no limit is specified or limit is 0";
        }

        var ratio = own.ToDouble() / request.ToDouble();
        return ratio > most.ToDouble() ? $"{rule}, but provided ratio is {ratio.ToString("F6", CultureInfo.InvariantCulture)}" : null;
    }

    private static Amounts Read(JsonObject? amounts) => PodResources.Amounts(amounts).ToDictionary();
}
