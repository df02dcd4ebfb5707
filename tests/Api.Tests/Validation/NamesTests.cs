using MiniKube.Api.Validation;

namespace MiniKube.Api.Tests.Validation;

public sealed class NamesTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a-b.c-1")]
    [InlineData("0.0")]
    public void DnsSubdomain_Good_SaysNothing(string name) => Assert.Empty(Names.DnsSubdomain(name));

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("a..b")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a.-b")]
    [InlineData("a_b")]
    [InlineData("a\n")]
    public void DnsSubdomain_Bad_GivesUpstreamsText(string name)
    {
        Assert.Equal(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
            Assert.Single(Names.DnsSubdomain(name)));
    }

    [Fact]
    public void DnsSubdomain_TooLong_SaysHowLongItMayBe() =>
        Assert.Equal("must be no more than 253 characters", Assert.Single(Names.DnsSubdomain(new string('a', 254))));

    [Theory]
    [InlineData("a.b", "must not contain dots")]
    [InlineData("1.2-3.c", "must not contain dots")]
    [InlineData("a_b", "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')")]
    [InlineData("a..b", "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')")]
    public void DnsLabel_Bad_GivesUpstreamsText(string name, string fault) => Assert.Equal(fault, Assert.Single(Names.DnsLabel(name)));

    [Theory]
    [InlineData("1a", 1)]
    [InlineData("a1", 0)]
    [InlineData("a-", 1)]
    public void Dns1035Label_MustStartWithALetter(string name, int faults) => Assert.Equal(faults, Names.Dns1035Label(name).Count());

    [Theory]
    [InlineData("app", null)]
    [InlineData("example.com/My_App.1", null)]
    [InlineData("/app", "prefix part must be non-empty")]
    [InlineData("Ex/app", "prefix part a lowercase RFC 1123 subdomain")]
    [InlineData("a/", "name part must be non-empty")]
    [InlineData("-a", "name part must consist of alphanumeric characters")]
    [InlineData("a/b/c", "a qualified name must consist of alphanumeric characters")]
    public void QualifiedName_Table(string key, string? start)
    {
        var faults = Names.QualifiedName(key).ToList();

        Assert.Equal(start is null, faults.Count == 0);
        Assert.StartsWith(start ?? "", faults.FirstOrDefault() ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("a_b.C", 0)]
    [InlineData("a b", 1)]
    [InlineData("-a", 1)]
    public void LabelValue_Table(string value, int faults) => Assert.Equal(faults, Names.LabelValue(value).Count());

    [Theory]
    [InlineData("http", 0)]
    [InlineData("p-80", 0)]
    [InlineData("80", 1)]
    [InlineData("a--b", 1)]
    [InlineData("-a", 1)]
    [InlineData("HTTP", 2)]
    [InlineData("abcdefghijklmnop", 1)]
    public void PortName_Table(string name, int faults) => Assert.Equal(faults, Names.PortName(name).Count());

    [Theory]
    [InlineData("A B", 0)]
    [InlineData("A=B", 1)]
    [InlineData("é", 1)]
    public void EnvVarName_Table(string name, int faults) => Assert.Equal(faults, Names.EnvVarName(name).Count());

    [Theory]
    [InlineData("a.b", 0)]
    [InlineData("..", 1)]
    [InlineData("..a", 1)]
    [InlineData("a/b", 1)]
    public void ConfigKey_Table(string key, int faults) => Assert.Equal(faults, Names.ConfigKey(key).Count());

    [Theory]
    [InlineData("*.example.com", 0)]
    [InlineData("*", 1)]
    [InlineData("*.*.com", 1)]
    [InlineData("example.com", 1)]
    public void WildcardDnsSubdomain_Table(string name, int faults) => Assert.Equal(faults, Names.WildcardDnsSubdomain(name).Count());

    [Theory]
    [InlineData("50%", 0)]
    [InlineData("%", 1)]
    [InlineData("5", 1)]
    [InlineData("-5%", 1)]
    public void Percent_Table(string value, int faults) => Assert.Equal(faults, Names.Percent(value).Count());

    [Theory]
    [InlineData("system:node", 0)]
    [InlineData(".", 1)]
    [InlineData("a/b%", 2)]
    public void PathSegment_Table(string name, int faults) => Assert.Equal(faults, Names.PathSegment(name).Count());
}
