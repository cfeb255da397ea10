<script>
/* SPDX-License-Identifier: GPL-3.0-or-later */
(function () {
	var out = [], find = document.getElementById('find'), table = document.getElementById('subnets');
	function say(what, text) { out.push('found ' + what + ': ' + text); }
	function keys() {
		return Array.from(table.tBodies[0].rows).filter(function (r) { return !r.hidden; })
			.map(function (r) { return r.cells[0].textContent; });
	}
	function search(words) { find.value = words; find.dispatchEvent(new Event('input')); }
	function head(i) { return table.tHead.rows[0].cells[i].querySelector('button'); }
	function row(key) {
		return Array.from(table.tBodies[0].rows).find(function (r) {
			return r.cells[0].textContent === key;
		});
	}
	say('title', document.title);
	say('hostile', document.querySelectorAll('img,td script,td b').length);
	search('');
	say('all', document.getElementById('found').textContent);
	say('plan', keys().slice(0, 7).join(' '));
	if (row('10.0.1.0/30')) {
		say('owner', row('10.0.0.0/24').cells[2].textContent);
		search('TINY');
		say('search', keys().join(' '));
		search('blue bb');
		say('two', keys().join(' '));
		search('');
		head(8).click();
		say('percent', keys().slice(0, 2).join(' '));
		head(0).click();
		say('prefix', keys().join(' '));
		say('aria', table.tHead.rows[0].cells[0].getAttribute('aria-sort'));
		row('10.0.0.0/24').querySelector('.map').click();
		var cells = document.querySelectorAll('.grid i');
		say('map', cells.length + ' ' + cells[0].title + ' ' + cells[5].title + ' ' + cells[255].title);
		row('10.0.0.0/24').querySelector('.map').click();
		say('closed', document.querySelectorAll('.grid').length);
		row('2001:db8::/64').querySelector('.map').click();
		say('six', document.querySelector('.grid i').title);
	}
	var grown = document.getElementById('growths'), changes = document.getElementById('change');
	if (grown) {
		var first = function () {
			return Array.from(grown.tBodies[0].rows).map(function (r) { return r.cells[0].textContent; }).join(' ');
		};
		say('curves', grown.querySelectorAll('svg.curve').length + ' ' +
			grown.querySelectorAll('svg.curve path').length);
		say('curve', grown.querySelector('svg.curve title').textContent);
		say('grown', first());
		grown.tHead.rows[0].cells[0].querySelector('button').click();
		say('grownplan', first());
		say('dates', Array.from(grown.tBodies[0].rows).map(function (r) { return r.cells[6].textContent + ' ' + r.cells[7].textContent; }).join(', '));
		say('changes', changes.tBodies[0].rows.length);
		say('user', changes.tBodies[0].rows[0].cells[1].textContent);
		say('reason', changes.tBodies[0].rows[0].cells[3].textContent);
		say('lines', changes.tBodies[0].rows[0].querySelector('pre').textContent.trim());
		say('inside', changes.querySelectorAll('img,script,b').length + grown.querySelectorAll('img,script,b').length);
	}
	var pre = document.createElement('pre');
	pre.textContent = '\n' + out.join('\n') + '\n';
	document.body.appendChild(pre);
})();
</script>
</body>
