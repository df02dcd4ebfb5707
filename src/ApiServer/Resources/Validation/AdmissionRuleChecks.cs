using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Which requests webhooks and admission policies are about.</summary>
internal static class AdmissionRuleChecks
{
    private const int ConditionLimit = 64;

    public static void WithOperations(Field rule)
    {
        var operations = rule["operations"];
        operations.NotEmpty();
        OnlyWildcard(operations, "operations");
        foreach (var operation in operations.Items)
        {
            operation.Known("*", "CONNECT", "CREATE", "DELETE", "UPDATE");
        }

        rule["apiGroups"].NotEmpty();
        OnlyWildcard(rule["apiGroups"], "API groups");
        var versions = rule["apiVersions"];
        versions.NotEmpty();
        OnlyWildcard(versions, "API versions");
        foreach (var version in versions.Items.Where(version => version.Text.Length == 0))
        {
            version.Required();
        }

        Resources(rule["resources"]);
        rule["scope"].OptionalOneOf("*", "Cluster", "Namespaced");
    }

    /// <summary>A rule that may also name objects.</summary>
    public static void Named(Field rule)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in rule["resourceNames"].Items)
        {
            name.Name(Names.PathSegment);
            if (!names.Add(name.Text))
            {
                name.Duplicate(name.Text);
            }
        }

        WithOperations(rule);
    }

    /// <summary>Conditions in CEL. Expressions are not compiled: nothing here runs them yet.</summary>
    public static void MatchConditions(Field conditions)
    {
        if (conditions.Count > ConditionLimit)
        {
            conditions.TooMany(ConditionLimit);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var condition in conditions.Items)
        {
            if (condition["expression"].Text.Trim().Length == 0)
            {
                condition["expression"].Required();
            }

            var name = condition["name"];
            name.RequiredName(Names.QualifiedName);
            if (name.Text.Length > 0 && !names.Add(name.Text))
            {
                name.Duplicate(name.Text);
            }
        }
    }

    private static void OnlyWildcard(Field list, string others)
    {
        if (list.Count > 1 && list.Items.Any(item => item.Text == "*"))
        {
            list.Invalid($"if '*' is present, must not specify other {others}");
        }
    }

    private static void Resources(Field resources)
    {
        resources.NotEmpty();
        var (wholes, subresources) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var hasPlain = false;
        foreach (var resource in resources.Items)
        {
            if (resource.Text.Length == 0)
            {
                resource.Required();
                continue;
            }

            var parts = resource.Text.Split('/', 2);
            if (parts is not [var name, var sub])
            {
                // As upstream has it: the last one without a subresource decides.
                hasPlain = resource.Text != "*";
                continue;
            }

            if (wholes.Contains(name))
            {
                resource.Invalid($"if '{name}/*' is present, must not specify {resource.Text}");
            }

            if (subresources.Contains(sub))
            {
                resource.Invalid($"if '*/{sub}' is present, must not specify {resource.Text}");
            }

            if (sub == "*")
            {
                wholes.Add(name);
            }

            if (name == "*")
            {
                subresources.Add(sub);
            }
        }

        if (resources.Count > 1 && resources.Items.Any(resource => resource.Text == "*/*"))
        {
            resources.Invalid("if '*/*' is present, must not specify other resources");
        }

        if (hasPlain && resources.Items.Any(resource => resource.Text == "*"))
        {
            resources.Invalid("if '*' is present, must not specify other resources without subresources");
        }
    }
}
