using Xunit;

namespace ChitChatz.Tests.Web;

/// <summary>The tests that share a server and a browser; one after the other, since pages wait for each other's clocks.</summary>
[CollectionDefinition("Web")]
public sealed class WebCollection : ICollectionFixture<WebServerFixture>, ICollectionFixture<BrowserFixture>;
