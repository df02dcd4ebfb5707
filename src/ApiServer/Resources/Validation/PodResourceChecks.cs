using MiniKube.Api.Quantities;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Resources.Core;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Resources of a pod as a whole, and the claims to devices that its containers use.</summary>
internal static class PodResourceChecks
{
    /// <summary>The names of a pod's resource claims, which are checked on the way.</summary>
    public static IReadOnlySet<string> Claims(Field claims)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var claim in claims.Items)
        {
            var name = claim["name"];
            if (name.NotEmpty())
            {
                if (!names.Add(name.Text))
                {
                    name.Duplicate(name.Text);
                }
                else
                {
                    name.Name(Names.DnsLabel);
                }
            }

            var (one, template) = (claim["resourceClaimName"], claim["resourceClaimTemplateName"]);
            if (one.IsSet && template.IsSet)
            {
                claim.Invalid("at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
            }
            else if (!one.IsSet && !template.IsSet)
            {
                claim.Invalid("must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
            }

            foreach (var reference in new[] { one, template }.Where(reference => reference.IsSet))
            {
                reference.Name(Names.DnsSubdomain);
            }
        }

        return names;
    }

    public static void UsedClaims(Field used, IReadOnlySet<string> claims)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var claim in used.Items)
        {
            var (name, request) = (claim["name"].Text, claim["request"].Text);
            if (name.Length == 0)
            {
                claim.Required();
                continue;
            }

            claim["request"].OptionalName(Names.DnsLabel);
            var key = request.Length == 0 ? name : $"{name}/{request}";
            if (seen.Contains(name) || !seen.Add(key) || (request.Length == 0 && seen.Any(other => other.StartsWith(name + "/", StringComparison.Ordinal))))
            {
                claim.Duplicate(seen.Contains(name) ? name : key);
            }

            if (!claims.Contains(name))
            {
                var known = claims.Count == 0 ? " which is empty" : ": " + string.Join(", ", claims.Order(StringComparer.Ordinal));
                claim.With(name).NotFound("must be one of the names in pod.spec.resourceClaims" + known);
            }
        }
    }

    /// <summary>A pod's own requests cover those of its containers, and its limits bound theirs.</summary>
    public static void OfPod(Field spec)
    {
        var resources = spec["resources"];
        if (!resources.IsSet)
        {
            return;
        }

        if (resources["claims"].IsSet)
        {
            resources["claims"].Forbidden("claims cannot be set for Resources at pod-level");
        }

        ResourceChecks.Requirements(resources, Name);
        foreach (var (name, sum) in PodResources.OfContainers(spec.Value, "requests"))
        {
            var request = Amount(resources["requests"][name]);
            if (ResourceNames.IsNative(name) && name != "ephemeral-storage" && sum > request)
            {
                resources["requests"].Key(name).InvalidValue(request.ToString(), $"must be greater than or equal to aggregate container requests of {sum}");
            }
        }

        foreach (var (index, container) in spec["containers"].Items.Index())
        {
            foreach (var (name, limit) in container["resources"]["limits"].Entries)
            {
                var bound = resources["limits"][name];
                if (bound.IsSet && Amount(limit) > Amount(bound))
                {
                    resources["containers"][index].Key(name)["limits"]
                        .InvalidValue(Amount(limit).ToString(), $"must be less than or equal to pod limits of {Amount(bound)}");
                }
            }
        }
    }

    private static void Name(Field field, string name)
    {
        if (ResourceChecks.AnyName(field, name) && name is not ("cpu" or "memory") && !ResourceNames.IsHugePages(name))
        {
            field.With(name).NotSupported("cpu", "hugepages-", "memory");
        }
    }

    private static Quantity Amount(Field field) => Quantity.TryParse(FieldPath.Text(field.Value), out var quantity) ? quantity : Quantity.Zero;
}
