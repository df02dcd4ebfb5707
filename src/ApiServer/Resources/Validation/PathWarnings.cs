using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Files of a volume that would lie over one another: the last wins, or one's name is another's folder.</summary>
internal static class PathWarnings
{
    public static IEnumerable<string> Of(JsonObject spec) => spec.ObjectsAt("volumes").SelectMany(OfVolume);

    private static IEnumerable<string> OfVolume(JsonObject volume)
    {
        var name = GoText.Quote(volume.StringAt("name") ?? "");
        return Alone(volume.ObjectAt("configMap"), source => $"volume {name} (ConfigMap {GoText.Quote(source.StringAt("name") ?? "")})")
            .Concat(Alone(volume.ObjectAt("secret"), source => $"volume {name} (Secret {GoText.Quote(source.StringAt("secretName") ?? "")})"))
            .Concat(Alone(volume.ObjectAt("downwardAPI"), _ => $"volume {name} (DownwardAPI)"))
            .Concat(volume.ObjectAt("projected") is { } projected ? Together(projected, name) : []);
    }

    private static IEnumerable<string> Alone(JsonObject? source, Func<JsonObject, string> what) =>
        source is null ? [] : Overlaps(Paths(source), what(source));

    private static List<string> Together(JsonObject projected, string volume)
    {
        var warnings = new List<string>();
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in projected.ObjectsAt("sources"))
        {
            if (source.Count == 0)
            {
                warnings.Add($"volume {volume} (Projected) has no sources provided");
                continue;
            }

            var (paths, kind) = OfSource(source);
            var what = $"volume {volume} (Projected {kind})";
            warnings.AddRange(Overlaps(paths, what));
            warnings.AddRange(Overlaps([.. paths.Distinct().Concat(all).Order(StringComparer.Ordinal)], what));
            all.UnionWith(paths);
        }

        return warnings;
    }

    private static (List<string> Paths, string Kind) OfSource(JsonObject source) => source switch
    {
        _ when source.ObjectAt("configMap") is { } config => (Paths(config), $"ConfigMap {GoText.Quote(config.StringAt("name") ?? "")}"),
        _ when source.ObjectAt("secret") is { } secret => (Paths(secret), $"Secret {GoText.Quote(secret.StringAt("name") ?? "")}"),
        _ when source.ObjectAt("downwardAPI") is { } pod => (Paths(pod), "DownwardAPI"),
        _ when source.StringAt("serviceAccountToken", "path") is { } path => ([path], "ServiceAccountToken"),
        _ => ([], ""),
    };

    private static List<string> Paths(JsonObject source) => [.. source.ObjectsAt("items").Select(item => item.StringAt("path") ?? "")];

    private static IEnumerable<string> Overlaps(List<string> paths, string what)
    {
        var seen = new List<string>();
        foreach (var path in paths.Select(path => path.TrimEnd('/')))
        {
            if (seen.Find(other => Overlap(path, other)) is { } other)
            {
                yield return $"{what}: overlapping paths: {GoText.Quote(path)} with {GoText.Quote(other)}";
            }

            if (!seen.Contains(path))
            {
                seen.Add(path);
            }
        }
    }

    // Upstream's, which takes "ab" to lie in "a".
    private static bool Overlap(string path, string other) => path.Length > 0 && other.Length > 0
        && ($"{other}/".StartsWith(path, StringComparison.Ordinal) || $"{path}/".StartsWith(other, StringComparison.Ordinal));
}
