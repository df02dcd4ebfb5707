using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>Probes and lifecycle hooks of a container.</summary>
internal static class ProbeChecks
{
    private static readonly string[] ProbeHandlers = ["exec", "httpGet", "tcpSocket", "grpc"];
    private static readonly string[] HookHandlers = ["exec", "httpGet", "tcpSocket", "sleep"];

    /// <param name="container">The container.</param>
    /// <param name="gracePeriod">Of the pod, in seconds: no hook may sleep longer.</param>
    public static void OfContainer(Field container, long? gracePeriod)
    {
        Hook(container["lifecycle"]["postStart"], gracePeriod);
        Hook(container["lifecycle"]["preStop"], gracePeriod);
        Probe(container["livenessProbe"], mustSucceedOnce: true);
        Probe(container["readinessProbe"], mustSucceedOnce: false);
        Probe(container["startupProbe"], mustSucceedOnce: true);
    }

    private static void Hook(Field hook, long? gracePeriod)
    {
        if (!hook.IsSet)
        {
            return;
        }

        Handler(hook, HookHandlers, gracePeriod);
    }

    private static void Probe(Field probe, bool mustSucceedOnce)
    {
        if (!probe.IsSet)
        {
            return;
        }

        Handler(probe, ProbeHandlers, gracePeriod: null);
        probe.NotNegative("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold");
        var grace = probe["terminationGracePeriodSeconds"];
        if (grace.Number <= 0)
        {
            grace.Invalid("must be greater than 0");
        }

        if (mustSucceedOnce && probe["successThreshold"].Number is not (null or 1))
        {
            probe["successThreshold"].Invalid("must be 1");
        }
        else if (!mustSucceedOnce && grace.IsSet)
        {
            // A container that is not ready is not killed.
            grace.Invalid("must not be set for readinessProbes");
        }
    }

    private static void Handler(Field handler, string[] known, long? gracePeriod)
    {
        var hasOne = false;
        foreach (var name in known)
        {
            var action = handler[name];
            if (!action.IsSet)
            {
                continue;
            }

            if (hasOne)
            {
                action.Forbidden("may not specify more than 1 handler type");
                continue;
            }

            hasOne = true;
            Action(name, action, gracePeriod);
        }

        if (!hasOne)
        {
            handler.Required("must specify a handler type");
        }
    }

    private static void Action(string name, Field action, long? gracePeriod)
    {
        switch (name)
        {
            case "exec":
                action["command"].NotEmpty();
                break;
            case "httpGet":
                HttpGet(action);
                break;
            case "tcpSocket":
                action["port"].PortNumberOrName();
                break;
            case "grpc":
                action["port"].Port();
                break;
            case "sleep":
                Sleep(action, gracePeriod);
                break;
        }
    }

    private static void Sleep(Field sleep, long? gracePeriod)
    {
        var seconds = sleep["seconds"].Number ?? 0;
        if (gracePeriod is { } longest && (seconds < 0 || seconds > longest))
        {
            sleep.InvalidValue(seconds, $"must be non-negative and less than terminationGracePeriodSeconds ({longest})");
        }
    }

    private static void HttpGet(Field get)
    {
        get["path"].NotEmpty();
        get["port"].PortNumberOrName();
        get["scheme"].Known("HTTP", "HTTPS");
        foreach (var header in get["httpHeaders"].Items)
        {
            get["httpHeaders"].With(header["name"].Value).Name(Names.HttpHeaderName);
        }
    }
}
