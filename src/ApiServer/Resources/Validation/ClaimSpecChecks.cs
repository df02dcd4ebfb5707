using MiniKube.Api.Quantities;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>What a pod's template of a claim must say (the part of upstream's ValidatePersistentVolumeClaimSpec that templates meet).</summary>
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
        foreach (var mode in modes.Items)
        {
            modes.With(mode.Value).Known("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
        }

        if (modes.Count > 1 && modes.Items.Any(mode => mode.Text == "ReadWriteOncePod"))
        {
            modes.Forbidden("may not use ReadWriteOncePod with other access modes");
        }

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
