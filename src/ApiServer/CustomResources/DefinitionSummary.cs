using System.Runtime.InteropServices;
using System.Text.Json;

using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>What is known of one definition when others are looked at: read without its schemas, once a version.</summary>
/// <param name="Revision">The version.</param>
/// <param name="Group">Names are unique in a group.</param>
/// <param name="Accepted">Names that it holds; null for none.</param>
/// <param name="IsSettled">Whether it has all the names that it wants and stays.</param>
internal sealed record DefinitionSummary(long Revision, string Group, DefinitionNames? Accepted, bool IsSettled)
{
    public static DefinitionSummary Read(CachedObject definition)
    {
        using var document = JsonDocument.Parse(definition.Json);
        var root = document.RootElement;
        var spec = root.GetProperty("spec");
        var group = spec.GetProperty("group").GetString() ?? "";
        var isDeleting = root.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _);
        if (!root.TryGetProperty("status", out var status) || !status.TryGetProperty("acceptedNames", out var accepted)
            || !accepted.TryGetProperty("plural", out var plural) || plural.ValueEquals(""))
        {
            return new DefinitionSummary(definition.Revision, group, null, false);
        }

        var hasAll = JsonMarshal.GetRawUtf8Value(spec.GetProperty("names")).SequenceEqual(JsonMarshal.GetRawUtf8Value(accepted));
        return new DefinitionSummary(
            definition.Revision, group, DefinitionNames.Read(accepted), hasAll && !isDeleting && !ApprovalRules.IsProtected(group));
    }
}
