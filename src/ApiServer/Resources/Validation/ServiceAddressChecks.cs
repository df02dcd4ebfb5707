using System.Text.Json.Nodes;

using MiniKube.Api.Addresses;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>The cluster addresses of a service and their families: two at most, one of each family, and the first never changes.</summary>
internal static class ServiceAddressChecks
{
    private const string Once = "may not change once set";

    public static void Validate(Field spec)
    {
        if (spec["type"].Text == "ExternalName")
        {
            return;
        }

        var (first, addresses, families) = (spec["clusterIP"].Text, spec["clusterIPs"], spec["ipFamilies"]);
        if (first.Length == 0 && addresses.Count > 0)
        {
            addresses.Invalid("must be empty when `clusterIP` is not specified");
        }
        else if (first.Length > 0 && addresses.NotEmpty() && addresses[0].Text != first)
        {
            addresses.Invalid("first value must match `clusterIP`");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var family in families.Items)
        {
            family.Known("IPv4", "IPv6");
            if (!seen.Add(family.Text))
            {
                family.Duplicate(family.Text);
            }
        }

        spec["ipFamilyPolicy"].OptionalOneOf("PreferDualStack", "RequireDualStack", "SingleStack");
        Addresses(addresses, families, ServiceChecks.IsHeadless(spec));
    }

    public static void ValidateUpdate(Field spec, JsonObject before)
    {
        if (spec["type"].Text == "ExternalName" || before.StringAt("type") == "ExternalName")
        {
            return;
        }

        var old = Texts(before["clusterIPs"]);
        var (isHeadless, wasHeadless) = (ServiceChecks.IsHeadless(spec), old is ["None"]);
        if (!isHeadless || !wasHeadless)
        {
            Change(spec, spec["clusterIPs"], old, "clusterIP");
        }

        if (!isHeadless && !wasHeadless)
        {
            Change(spec, spec["ipFamilies"], Texts(before["ipFamilies"]), "ipFamily");
        }
    }

    private static void Addresses(Field addresses, Field families, bool isHeadless)
    {
        var faults = addresses.Faults;
        foreach (var (index, address) in addresses.Items.Index())
        {
            if (index > 0 || address.Text != "None")
            {
                address.Address();
            }
            else if (addresses.Count > 1)
            {
                addresses.Invalid("'None' must be the first and only value");
            }
        }

        var areGood = addresses.Faults == faults;
        if (addresses.Count > 2)
        {
            addresses.Invalid("may only hold up to 2 values");
        }

        if (!areGood)
        {
            return;
        }

        if (addresses.Count > 1 && addresses.Items.Select(address => AddressText.IsIPv6(address.Text)).Distinct().Count() == 1)
        {
            addresses.Invalid("may specify no more than one IP for each IP family");
        }

        foreach (var (index, (address, family)) in addresses.Items.Zip(families.Items).Index())
        {
            if (!isHeadless && family.Text is ("IPv4" or "IPv6") && AddressText.IsIPv6(address.Text) != (family.Text == "IPv6"))
            {
                address.Invalid($"expected an {family.Text} value as indicated by `ipFamilies[{index}]`");
            }
        }
    }

    private static void Change(Field spec, Field values, List<string> old, string what)
    {
        if (old.Count == values.Count)
        {
            foreach (var (index, value) in values.Items.Index())
            {
                if (value.Text != old[index])
                {
                    values[what == "ipFamily" ? 0 : index].InvalidValue(values.Value, Once);
                }
            }

            return;
        }

        if (values.Count == 0)
        {
            values[0].InvalidValue(values.Value, $"primary {what} can not be unset");
        }
        else if (old.Count > 0 && values[0].Text != old[0])
        {
            // Of a family that changes together with their number upstream shows the addresses.
            values[0].InvalidValue(spec["clusterIPs"].Value, Once);
        }

        if (old.Count > values.Count && values.Count == 1 && spec["ipFamilyPolicy"].Text != "SingleStack")
        {
            spec["ipFamilyPolicy"].InvalidValue(spec["ipFamilyPolicy"].Value, $"must be set to 'SingleStack' when releasing the secondary {what}");
        }
    }

    private static List<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(FieldPath.Text)];
}
