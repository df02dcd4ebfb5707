using System.Text.RegularExpressions;

using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Who answers for an IngressClass, and with which parameters.</summary>
internal static partial class IngressClassChecks
{
    private const int LongestController = 250;
    private const string HttpPath = @"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+";

    public static void Spec(Field spec)
    {
        Controller(spec["controller"]);
        if (spec["parameters"] is { IsSet: true } parameters)
        {
            Parameters(parameters);
        }
    }

    private static void Controller(Field controller)
    {
        if (controller.Text.Length > LongestController)
        {
            controller.TooLong(LongestController);
        }

        if (!controller.NotEmpty())
        {
            return;
        }

        var parts = controller.Text.Split('/', 2);
        if (parts is not [{ Length: > 0 } domain, { Length: > 0 } path])
        {
            controller.Invalid("must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }

        foreach (var fault in Names.DnsSubdomain(domain))
        {
            controller.InvalidValue(domain, fault);
        }

        if (!PathPattern().IsMatch(path))
        {
            controller.InvalidValue(path, Names.Rule("Invalid path", HttpPath));
        }
    }

    private static void Parameters(Field parameters)
    {
        ReferenceChecks.Typed(parameters);
        var space = parameters["namespace"];
        switch (parameters["scope"].Text)
        {
            case "" when !parameters["scope"].IsSet:
                parameters["scope"].Required();
                break;
            case "Namespace" when !space.IsSet:
                space.Required("`parameters.scope` is set to 'Namespace'");
                break;
            case "Namespace":
                space.Name(Names.DnsLabel);
                break;
            case "Cluster" when space.IsSet:
                space.Forbidden("`parameters.scope` is set to 'Cluster'");
                break;
            case "Cluster":
                break;
            default:
                parameters["scope"].NotSupported("Cluster", "Namespace");
                break;
        }
    }

    [GeneratedRegex(@"\A" + HttpPath + @"\z", RegexOptions.NonBacktracking)]
    private static partial Regex PathPattern();
}
