using MiniKube.Api.Quantities;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>How a claim says what volume it wants (upstream's ValidatePersistentVolumeClaimSpec, but for what fills it).</summary>
internal static class ClaimSpecChecks
{
    public static void Validate(Field spec)
    {
        var modes = spec["accessModes"];
        if (modes.Count == 0)
        {
            modes.Required("at least 1 access mode is required");
        }

        spec["selector"].LabelSelector();
        PersistentVolumeChecks.KnownModes(modes);
        var storage = spec["resources"]["requests"]["storage"];
        if (!storage.IsSet)
        {
            spec["resources"].Key("storage").Required();
        }
        else if (Quantity.TryParse(storage.Text, out var size) && size <= Quantity.Zero)
        {
            spec["resources"].Key("storage").InvalidValue(storage.Text, "must be greater than zero");
        }

        spec["storageClassName"].OptionalName(Api.Validation.Names.DnsSubdomain);
        spec["volumeMode"].OptionalOneOf("Block", "Filesystem");
    }
}
