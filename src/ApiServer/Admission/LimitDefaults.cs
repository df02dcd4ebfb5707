using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Admission;

/// <summary>What a limit range gives to containers that do not say it themselves. An annotation tells what was given.</summary>
internal static class LimitDefaults
{
    private const string Annotation = "kubernetes.io/limit-ranger";

    public static void Apply(JsonObject pod, JsonObject range)
    {
        var (limits, requests) = (new JsonObject(), new JsonObject());
        foreach (var limit in range.ObjectsAt("spec", "limits").Where(limit => limit.StringAt("type") == "Container"))
        {
            Copy(limits, limit.ObjectAt("default"));
            Copy(requests, limit.ObjectAt("defaultRequest"));
        }

        var given = new List<string>();
        foreach (var (list, kind) in (ReadOnlySpan<(string, string)>)[("containers", "container"), ("initContainers", "init container")])
        {
            foreach (var container in pod.ObjectsAt("spec", list))
            {
                Give(container, "requests", requests, $"request for {kind}", given);
                Give(container, "limits", limits, $"limit for {kind}", given);
            }
        }

        if (given.Count > 0)
        {
            pod.GetOrAddObject("metadata").GetOrAddObject("annotations")[Annotation] = "LimitRanger plugin set: " + string.Join("; ", given);
        }
    }

    private static void Give(JsonObject container, string part, JsonObject amounts, string what, List<string> given)
    {
        var own = container.ObjectAt("resources", part);
        var missing = amounts.Where(amount => own?.ContainsKey(amount.Key) != true).OrderBy(amount => amount.Key, StringComparer.Ordinal).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        own = container.GetOrAddObject("resources").GetOrAddObject(part);
        foreach (var (name, amount) in missing)
        {
            own[name] = amount?.DeepClone();
        }

        given.Add($"{string.Join(", ", missing.Select(amount => amount.Key))} {what} {container.StringAt("name")}");
    }

    private static void Copy(JsonObject to, JsonObject? from)
    {
        foreach (var (name, amount) in from ?? [])
        {
            to[name] = amount?.DeepClone();
        }
    }
}
