using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Resources.Core;

/// <summary>Access modes of volumes as columns show them.</summary>
internal static class AccessModes
{
    private static readonly (string Mode, string Short)[] Known =
        [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];

    public static string Of(JsonNode? modes)
    {
        var given = (modes as JsonArray ?? []).Select(FieldPath.Text).ToHashSet();
        return string.Join(',', Known.Where(known => given.Contains(known.Mode)).Select(known => known.Short));
    }
}
