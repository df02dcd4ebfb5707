using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Resource quotas (upstream's ValidateResourceQuota): names of resources, and scopes that fit them and each other.</summary>
internal static class QuotaChecks
{
    private static readonly HashSet<string> Scopes =
        ["Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass"];

    private static readonly HashSet<string> OfPods =
    [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage", "limits.cpu", "limits.memory",
        "limits.ephemeral-storage", "pods",
    ];

    private static readonly (string, string)[] Opposites = [("BestEffort", "NotBestEffort"), ("NotTerminating", "Terminating")];

    public static void Spec(Field spec)
    {
        ResourceChecks.Amounts(spec["hard"], Name);
        var names = spec["hard"].Entries.Select(entry => entry.Name).Where(ResourceNames.IsOfQuotas).Order(StringComparer.Ordinal).ToList();
        ListedScopes(spec["scopes"], names);
        Selector(spec["scopeSelector"], names);
    }

    public static void Status(Field status)
    {
        ResourceChecks.Amounts(status["hard"], Name);
        ResourceChecks.Amounts(status["used"], Name);
    }

    public static void ScopesUnchanged(Field scopes, JsonNode? before)
    {
        if (!scopes.Items.Select(scope => scope.Text).ToHashSet().SetEquals((before as JsonArray ?? []).Select(FieldPath.Text)))
        {
            scopes.InvalidValue(scopes.Value, Checks.Immutable);
        }
    }

    private static void Name(Field field, string name)
    {
        ResourceChecks.AnyName(field, name);
        if (!name.Contains('/', StringComparison.Ordinal) && !ResourceNames.IsOfQuotas(name))
        {
            field.InvalidValue(name, "must be a standard resource for quota");
        }
    }

    private static void ListedScopes(Field scopes, List<string> resources)
    {
        foreach (var scope in scopes.Items.Select(scope => scope.Text))
        {
            if (!Scopes.Contains(scope))
            {
                scopes.Invalid("unsupported scope");
            }

            foreach (var _ in resources.Where(resource => !Fits(scope, resource)))
            {
                scopes.Invalid("unsupported scope applied to resource");
            }
        }

        Conflicts(scopes, [.. scopes.Items.Select(scope => scope.Text)], scopes.Value);
    }

    private static void Selector(Field selector, List<string> resources)
    {
        var expressions = selector["matchExpressions"];
        foreach (var expression in expressions.Items)
        {
            var scope = expression["scopeName"].Text;
            if (!Scopes.Contains(scope))
            {
                expressions["scopeName"].InvalidValue(scope, "unsupported scope");
            }

            foreach (var _ in resources.Where(resource => !Fits(scope, resource)))
            {
                expressions.InvalidValue(selector.Value, "unsupported scope applied to resource");
            }

            Operator(expressions, scope, expression["operator"].Text, expression["values"]);
        }

        Conflicts(expressions, [.. expressions.Items.Select(expression => expression["scopeName"].Text)], null);
    }

    // Upstream's paths leave out the index.
    private static void Operator(Field expressions, string scope, string @operator, Field values)
    {
        if (scope is ("BestEffort" or "NotBestEffort" or "Terminating" or "NotTerminating" or "CrossNamespacePodAffinity") && @operator != "Exists")
        {
            expressions["operator"].InvalidValue(@operator, "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, "
                + "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
        }

        switch (@operator)
        {
            case "In" or "NotIn":
                if (values.Count == 0)
                {
                    expressions["values"].Required("must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                }

                break;
            case "Exists" or "DoesNotExist":
                if (values.Count > 0)
                {
                    expressions["values"].InvalidValue(values.Value, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                }

                break;
            default:
                expressions["operator"].InvalidValue(@operator, "not a valid selector operator");
                break;
        }
    }

    private static void Conflicts(Field field, HashSet<string> scopes, JsonNode? shown)
    {
        foreach (var (one, other) in Opposites)
        {
            if (scopes.Contains(one) && scopes.Contains(other))
            {
                field.InvalidValue(shown, "conflicting scopes");
            }
        }
    }

    private static bool Fits(string scope, string resource) => scope switch
    {
        "BestEffort" => resource == "pods",
        "Terminating" or "NotTerminating" or "NotBestEffort" or "PriorityClass" or "CrossNamespacePodAffinity" =>
            OfPods.Contains(resource) || ResourceNames.IsHugePages(resource.StartsWith("requests.", StringComparison.Ordinal) ? resource["requests.".Length..] : resource),
        "VolumeAttributesClass" => resource is "persistentvolumeclaims" or "requests.storage",
        _ => true,
    };
}
