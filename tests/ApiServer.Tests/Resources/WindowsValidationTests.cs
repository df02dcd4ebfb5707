using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>securityContext.windowsOptions, in upstream's words.</summary>
public sealed class WindowsValidationTests
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string NoHostNetwork = "spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers";
    private const string NotAll = "spec: Invalid value: \"\": If pod contains any hostProcess containers then all containers must be HostProcess containers";
    private const string Unlike = "spec.containers[0].securityContext.windowsOptions.hostProcess: Invalid value: false: pod hostProcess value must be identical if both are specified, was true";

    [Theory]
    [InlineData("gmsaCredentialSpecName", "gmsa.example", "")]
    [InlineData("gmsaCredentialSpecName", "", "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")]
    [InlineData("gmsaCredentialSpec", "{}", "")]
    [InlineData("gmsaCredentialSpec", "", "gmsaCredentialSpec cannot be an empty string")]
    [InlineData("runAsUserName", "NT AUTHORITY\\Local Service", "")]
    [InlineData("runAsUserName", "very-long-name.example.com\\user", "")]
    [InlineData("runAsUserName", "ContainerAdministrator", "")]
    [InlineData("runAsUserName", "", "runAsUserName cannot be an empty string")]
    [InlineData("runAsUserName", "a\tb", "runAsUserName cannot contain control characters")]
    [InlineData("runAsUserName", "a\\b\\c", "runAsUserName cannot contain more than one backslash")]
    [InlineData("runAsUserName", "\\user", "runAsUserName's Domain doesn't match the NetBios nor the DNS format")]
    [InlineData("runAsUserName", ".domain\\user", "runAsUserName's Domain doesn't match the NetBios nor the DNS format")]
    [InlineData("runAsUserName", "sixteen_letters_\\user", "runAsUserName's Domain doesn't match the NetBios nor the DNS format")]
    [InlineData("runAsUserName", "domain\\", "runAsUserName's User cannot be empty")]
    [InlineData("runAsUserName", ". .", "runAsUserName's User cannot contain only periods or spaces")]
    [InlineData("runAsUserName", "user@domain", "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]")]
    public void Options_Table_GivesUpstreamsText(string field, string value, string fault)
    {
        var options = new JsonObject { [field] = value };

        Assert.Equal(
            fault.Length == 0 ? "" : $"spec.securityContext.windowsOptions.{field}: Invalid value: {options[field]!.ToJsonString(Plain)}: {fault}",
            Faults("\"securityContext\":{\"windowsOptions\":" + options.ToJsonString() + "},\"containers\":[{\"name\":\"a\",\"image\":\"i\"}]"));
        Assert.Equal(
            fault.Length == 0 ? "" : $"spec.containers[0].securityContext.windowsOptions.{field}: Invalid value: {options[field]!.ToJsonString(Plain)}: {fault}",
            Faults("\"containers\":[{\"name\":\"a\",\"image\":\"i\",\"securityContext\":{\"windowsOptions\":" + options.ToJsonString() + "}}]"));
    }

    [Theory]
    [InlineData("gmsaCredentialSpec", 65536, "")]
    [InlineData("gmsaCredentialSpec", 65537, "gmsaCredentialSpec size must be under 64 KiB")]
    [InlineData("runAsUserName", 104, "")]
    [InlineData("runAsUserName", 105, "runAsUserName's User length must not be longer than 104 characters")]
    public void Options_Length_IsLimited(string field, int length, string fault)
    {
        var faults = Faults(
            "\"securityContext\":{\"windowsOptions\":{\"" + field + "\":\"" + new string('a', length) + "\"}},\"containers\":[{\"name\":\"a\",\"image\":\"i\"}]");

        Assert.EndsWith(fault, faults, StringComparison.Ordinal);
        Assert.Equal(fault.Length == 0, faults.Length == 0);
    }

    [Fact]
    public void Options_DomainOf256Letters_IsTooLong()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('a', 63), 4)) + ".b";

        Assert.Contains(
            "runAsUserName's Domain length must be under 256 characters",
            Faults("\"securityContext\":{\"windowsOptions\":{\"runAsUserName\":\"" + domain + "\\\\user\"}},\"containers\":[{\"name\":\"a\",\"image\":\"i\"}]"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", "true", "\"hostNetwork\":true,", "")]
    [InlineData("true", "null", "\"hostNetwork\":true,", "")]
    [InlineData("false", "null", "", "")]
    [InlineData("true", "null", "", NoHostNetwork)]
    [InlineData("true", "false", "\"hostNetwork\":true,", Unlike)]
    [InlineData("null", "true", "\"hostNetwork\":true,\"initContainers\":[{\"name\":\"b\",\"image\":\"i\"}],", NotAll)]
    [InlineData("null", "true", "\"initContainers\":[{\"name\":\"b\",\"image\":\"i\"}],", NotAll + "\n" + NoHostNetwork)]
    public void HostProcess_Table_GivesUpstreamsText(string ofPod, string ofContainer, string more, string faults) => Assert.Equal(
        faults,
        Faults(
            more + "\"securityContext\":{\"windowsOptions\":{\"hostProcess\":" + ofPod
            + "}},\"containers\":[{\"name\":\"a\",\"image\":\"i\",\"securityContext\":{\"windowsOptions\":{\"hostProcess\":" + ofContainer + "}}}]"));

    private static string Faults(string spec) => Strategies.Faults("pods", "{\"spec\":{" + spec + "}}");
}
