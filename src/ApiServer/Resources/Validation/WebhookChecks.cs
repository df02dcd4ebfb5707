using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Webhooks of both kinds: where they are, what they are asked about, and what becomes of a request when they do not answer.</summary>
internal static class WebhookChecks
{
    private const string Form = "; desired format: https://host[/path]";

    private static readonly string[] ReviewVersions = ["v1", "v1beta1"];

    public static void Validate(Field webhooks)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var webhook in webhooks.Items)
        {
            Webhook(webhook);
            Versions(webhook["admissionReviewVersions"]);
            if (webhook["name"].Text is { Length: > 0 } name && !names.Add(name))
            {
                webhook["name"].Duplicate(name);
            }
        }
    }

    private static void Webhook(Field webhook)
    {
        FullName(webhook["name"]);
        foreach (var rule in webhook["rules"].Items)
        {
            AdmissionRuleChecks.WithOperations(rule);
        }

        webhook["failurePolicy"].OptionalOneOf("Fail", "Ignore");
        webhook["matchPolicy"].OptionalOneOf("Equivalent", "Exact");
        var effects = webhook["sideEffects"];
        if (!effects.IsSet)
        {
            effects.Required("must specify one of None, NoneOnDryRun");
        }

        effects.OptionalOneOf("None", "NoneOnDryRun");
        if (webhook["timeoutSeconds"].Number is < 1 or > 30)
        {
            webhook["timeoutSeconds"].Invalid("the timeout value must be between 1 and 30 seconds");
        }

        webhook["namespaceSelector"].LabelSelector();
        webhook["objectSelector"].LabelSelector();
        webhook["reinvocationPolicy"].OptionalOneOf("IfNeeded", "Never");
        Client(webhook["clientConfig"]);
        AdmissionRuleChecks.MatchConditions(webhook["matchConditions"]);
    }

    // A domain of at least three parts.
    private static void FullName(Field name)
    {
        if (!name.NotEmpty())
        {
            return;
        }

        var faults = string.Join(',', Names.DnsSubdomain(name.Text));
        if (faults.Length > 0)
        {
            name.Invalid(faults);
        }
        else if (name.Text.Split('.').Length < 3)
        {
            name.Invalid("should be a domain with at least three segments separated by dots");
        }
    }

    private static void Versions(Field versions)
    {
        var known = string.Join(", ", ReviewVersions);
        if (!versions.NotEmpty($"must specify one of {known}"))
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var version in versions.Items)
        {
            if (!seen.Add(version.Text))
            {
                version.Invalid("duplicate version");
                continue;
            }

            version.Name(Names.Dns1035Label);
        }

        if (!seen.Overlaps(ReviewVersions))
        {
            versions.Invalid($"must include at least one of {known}");
        }
    }

    private static void Client(Field client)
    {
        var (url, service) = (client["url"], client["service"]);
        if (url.IsSet == service.IsSet)
        {
            client.Required("exactly one of url or service is required");
        }
        else if (url.IsSet)
        {
            Url(url);
        }
        else
        {
            Service(service);
        }
    }

    private static void Url(Field url)
    {
        if (!Uri.TryCreate(url.Text, UriKind.Absolute, out var uri))
        {
            // Go takes nearly any text for a relative URL.
            url.InvalidValue("", "'https' is the only allowed URL scheme" + Form);
            url.InvalidValue("", "host must be specified" + Form);
            return;
        }

        if (uri.Scheme != Uri.UriSchemeHttps)
        {
            url.InvalidValue(uri.Scheme, "'https' is the only allowed URL scheme" + Form);
        }

        if (uri.Host.Length == 0)
        {
            url.InvalidValue("", "host must be specified" + Form);
        }

        Absent(url, uri.UserInfo, "user information is not permitted in the URL");
        Absent(url, uri.Fragment.TrimStart('#'), "fragments are not permitted in the URL");
        Absent(url, uri.Query.TrimStart('?'), "query parameters are not permitted in the URL");
    }

    private static void Absent(Field url, string part, string fault)
    {
        if (part.Length > 0)
        {
            url.InvalidValue(part, fault);
        }
    }

    private static void Service(Field service)
    {
        service["name"].NotEmpty("service name is required");
        service["namespace"].NotEmpty("service namespace is required");
        var port = service["port"].Number ?? 0;
        foreach (var fault in Names.PortNumber(port))
        {
            service["port"].InvalidValue(port, "port is not valid: " + fault);
        }

        Path(service["path"]);
    }

    private static void Path(Field path)
    {
        if (path.Text is "" or "/")
        {
            return;
        }

        if (path.Text == "//")
        {
            path.Invalid("segment[0] may not be empty");
            return;
        }

        if (!path.Text.StartsWith('/'))
        {
            path.Invalid("must start with a '/'");
        }

        var text = path.Text[1..];
        foreach (var (index, step) in (text.EndsWith('/') ? text[..^1] : text).Split('/').Index())
        {
            if (step.Length == 0)
            {
                path.Invalid($"segment[{index}] may not be empty");
                continue;
            }

            foreach (var fault in Names.DnsSubdomain(step))
            {
                path.Invalid($"segment[{index}]: {fault}");
            }
        }
    }
}
