using System.Text;

using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>
/// Admission policies and their bindings. Expressions (CEL) are not compiled: they are stored, and nothing evaluates them yet.
/// </summary>
internal static class AdmissionPolicyChecks
{
    private const int AnnotationLimit = 20;
    private const int ExpressionLimit = 5 * 1024;

    public static void Spec(Field spec, string policyName)
    {
        spec["failurePolicy"].OneOf("Fail", "Ignore");
        if (spec["paramKind"] is { IsSet: true } kind)
        {
            ParamKind(kind);
        }

        var constraints = spec["matchConstraints"];
        if (!constraints.IsSet)
        {
            constraints.Required();
        }
        else
        {
            Match(constraints);
            constraints["resourceRules"].NotEmpty();
        }

        AdmissionRuleChecks.MatchConditions(spec["matchConditions"]);
        Variables(spec["variables"]);
        var (validations, annotations) = (spec["validations"], spec["auditAnnotations"]);
        if (validations.Count == 0 && annotations.Count == 0)
        {
            const string Either = "validations or auditAnnotations must contain at least one item";
            validations.Required(Either);
            annotations.Required(Either);
            return;
        }

        foreach (var validation in validations.Items)
        {
            Validation(validation);
        }

        Annotations(annotations, policyName);
    }

    public static void Binding(Field spec)
    {
        spec["policyName"].RequiredName(Names.DnsSubdomain);
        if (spec["paramRef"] is { IsSet: true } reference)
        {
            ParamRef(reference);
        }

        if (spec["matchResources"].IsSet)
        {
            // The path is upstream's, letter for letter.
            Match(spec["matchResouces"].With(spec["matchResources"].Value));
        }

        Actions(spec["validationActions"]);
    }

    private static void ParamKind(Field kind)
    {
        var version = kind["apiVersion"];
        if (version.NotEmpty())
        {
            GroupVersion(version);
        }

        if (kind["kind"].NotEmpty() && string.Join(',', Names.Dns1035Label(kind["kind"].Text.ToLowerInvariant())) is { Length: > 0 } faults)
        {
            kind["kind"].Invalid("may have mixed case, but should otherwise match: " + faults);
        }
    }

    private static void GroupVersion(Field field)
    {
        var parts = field.Text.Split('/');
        if (parts.Length > 2)
        {
            field.Invalid($"unexpected GroupVersion string: {field.Text}");
            return;
        }

        var (group, version) = parts.Length == 2 ? (parts[0], parts[1]) : ("", parts[0]);
        if (group.Length > 0 && string.Join(',', Names.DnsSubdomain(group)) is { Length: > 0 } groupFaults)
        {
            field.InvalidValue(group, groupFaults);
        }

        if (version.Length == 0)
        {
            field.Invalid("version must be specified");
        }
        else if (string.Join(',', Names.Dns1035Label(version)) is { Length: > 0 } faults)
        {
            field.InvalidValue(version, faults);
        }
    }

    private static void Match(Field match)
    {
        match["matchPolicy"].OneOf("Equivalent", "Exact");
        match["namespaceSelector"].LabelSelector();
        match["labelSelector"].With(match["objectSelector"].Value).LabelSelector();
        foreach (var rule in match["resourceRules"].Items.Concat(match["excludeResourceRules"].Items))
        {
            AdmissionRuleChecks.Named(rule);
        }
    }

    private static void Variables(Field variables)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variable in variables.Items)
        {
            var name = variable["name"];
            if (name.Text.Trim().Length == 0)
            {
                name.Required("name is not specified");
            }
            else if (!IsIdentifier(name.Text))
            {
                name.Invalid("name is not a valid CEL identifier");
            }
            else if (!names.Add(name.Text))
            {
                name.Duplicate(name.Text);
            }

            Expression(variable["expression"], "expression is not specified");
        }
    }

    private static bool IsIdentifier(string name) =>
        (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');

    private static void Validation(Field validation)
    {
        Expression(validation["expression"], "expression is not specified");
        var (messageExpression, message) = (validation["messageExpression"], validation["message"]);
        if (messageExpression.Text.Length > 0 && messageExpression.Text.Trim().Length == 0)
        {
            messageExpression.Invalid("must be non-empty if specified");
        }

        if (message.Text.Length > 0 && message.Text.Trim().Length == 0)
        {
            message.Invalid("message must be non-empty if specified");
        }
        else if (message.Text.Trim().AsSpan().ContainsAny('\n', '\r'))
        {
            message.Invalid("message must not contain line breaks");
        }

        validation["reason"].OptionalOneOf("Forbidden", "Invalid", "RequestEntityTooLarge");
    }

    private static void Expression(Field expression, string required)
    {
        if (expression.Text.Trim().Length == 0)
        {
            expression.Required(required);
        }
    }

    private static void Annotations(Field annotations, string policyName)
    {
        if (annotations.Count > AnnotationLimit)
        {
            annotations.Invalid($"must not have more than {AnnotationLimit} auditAnnotations");
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var annotation in annotations.Items)
        {
            var (key, value) = (annotation["key"], annotation["valueExpression"]);
            if (policyName.Length == 0)
            {
                key.Invalid("requires metadata.name be non-empty");
            }
            else
            {
                key.With($"{policyName}/{key.Text}").Name(Names.QualifiedName);
            }

            Expression(value, "valueExpression is not specified");
            if (Encoding.UTF8.GetByteCount(value.Text.Trim()) > ExpressionLimit)
            {
                value.Required($"must not exceed {ExpressionLimit} bytes in length");
            }

            if (!keys.Add(key.Text))
            {
                key.Duplicate(key.Text);
            }
        }
    }

    private static void ParamRef(Field reference)
    {
        var (name, selector) = (reference["name"], reference["selector"]);
        name.Name(Names.PathSegment);
        if (name.Text.Length > 0 && selector.IsSet)
        {
            name.Forbidden("name and selector are mutually exclusive");
        }

        if (selector.IsSet)
        {
            selector.LabelSelector();
        }
        else if (name.Text.Length == 0)
        {
            reference.Required("one of name or selector must be specified");
        }

        if (!reference["parameterNotFoundAction"].IsSet)
        {
            reference["parameterNotFoundAction"].Required();
        }

        reference["parameterNotFoundAction"].OptionalOneOf("Deny", "Allow");
    }

    private static void Actions(Field actions)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var action in actions.Items)
        {
            action.Known("Audit", "Deny", "Warn");
            if (!seen.Add(action.Text))
            {
                action.Duplicate(action.Text);
            }
        }

        if (seen.Contains("Deny") && seen.Contains("Warn"))
        {
            actions.Invalid(
                "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)");
        }

        if (seen.Count == 0)
        {
            actions.Required("at least one validation action is required");
        }
    }
}
