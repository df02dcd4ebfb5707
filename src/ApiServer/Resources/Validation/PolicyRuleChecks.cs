using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Rules of roles, and who is bound to them.</summary>
internal static class PolicyRuleChecks
{
    private const string Group = "rbac.authorization.k8s.io";

    /// <param name="role">A role.</param>
    /// <param name="isNamespaced">Whether it is one of a namespace.</param>
    public static void Rules(Field role, bool isNamespaced)
    {
        foreach (var rule in role["rules"].Items)
        {
            rule["verbs"].NotEmpty("verbs must contain at least one value");
            var urls = rule["nonResourceURLs"];
            if (urls.Count == 0)
            {
                rule["apiGroups"].NotEmpty("resource rules must supply at least one api group");
                rule["resources"].NotEmpty("resource rules must supply at least one resource");
                continue;
            }

            if (isNamespaced)
            {
                urls.Invalid("namespaced rules cannot apply to non-resource URLs");
            }

            if (rule["apiGroups"].Count > 0 || rule["resources"].Count > 0 || rule["resourceNames"].Count > 0)
            {
                urls.Invalid("rules cannot apply to both regular resources and non-resource URLs");
            }
        }
    }

    /// <summary>The roles that a cluster role takes its rules from.</summary>
    public static void Aggregation(Field rule)
    {
        if (!rule.IsSet)
        {
            return;
        }

        rule["clusterRoleSelectors"].NotEmpty("at least one clusterRoleSelector required if aggregationRule is non-nil");
        foreach (var selector in rule["clusterRoleSelectors"].Items)
        {
            selector.LabelSelector();
        }
    }

    /// <param name="binding">A binding.</param>
    /// <param name="isNamespaced">Whether it is one of a namespace.</param>
    public static void Binding(Field binding, bool isNamespaced)
    {
        var role = binding["roleRef"];
        role["apiGroup"].Known(Group);
        role["kind"].Known(isNamespaced ? ["Role", "ClusterRole"] : ["ClusterRole"]);
        role["name"].RequiredName(Names.PathSegment);
        foreach (var subject in binding["subjects"].Items)
        {
            Subject(subject, isNamespaced);
        }
    }

    private static void Subject(Field subject, bool isNamespaced)
    {
        var (name, group) = (subject["name"], subject["apiGroup"]);
        name.NotEmpty();
        switch (subject["kind"].Text)
        {
            case "ServiceAccount":
                name.OptionalName(Names.DnsSubdomain);
                if (group.Text.Length > 0)
                {
                    group.NotSupported("");
                }

                if (!isNamespaced)
                {
                    subject["namespace"].NotEmpty();
                }

                break;
            case "User" or "Group":
                group.Known(Group);
                break;
            default:
                subject["kind"].NotSupported("ServiceAccount", "User", "Group");
                break;
        }
    }
}
