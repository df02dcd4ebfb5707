using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What is allowed in a job but hardly meant.</summary>
internal static class JobWarnings
{
    private const int ManyCompletions = 100_000;
    private const int ManyPods = 10_000;

    public static IEnumerable<string> Of(string path, JsonObject? spec)
    {
        var isLarge = spec.StringAt("completionMode") == "Indexed" && spec.IntegerAt("completions") > ManyCompletions && spec.IntegerAt("parallelism") > ManyPods;
        IEnumerable<string> own = isLarge
            ? [$"{path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail"]
            : [];
        return own.Concat(PodWarnings.OfTemplate($"{path}.template", spec.ObjectAt("template")));
    }
}
